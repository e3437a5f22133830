import { type FormEvent, type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { ApiError } from "../../api/problem";
import { type Template, useUseTemplate } from "../../api/templates";
import { CredentialSelect } from "../../fields/CredentialSelect";
import { ProjectField, useProjectsWhere } from "../../fields/ProjectField";
import type { Catalogue } from "../../graph/catalogue";
import type { Json, WorkflowDocument } from "../../graph/document";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { Field, Input } from "../../ui/Form";
import { messageOf, sentences } from "../../ui/message";
import { toast } from "../../ui/toasts";
import { QuestionField } from "./QuestionField";
import { answered, missing, newKey, type Said } from "./said";

const t = strings.templates;

function toWrong(form: HTMLFormElement | null): void {
  const wrong = form?.querySelector<HTMLElement>("[aria-invalid=true], [data-wrong=true] .cm-content");
  wrong?.focus();
  wrong?.scrollIntoView({ block: "center" });
}

interface SetUpProps {
  template: Template;
  document: WorkflowDocument;
  catalogue: Catalogue;
}

/** The short wizard: credentials, the parameters that the template asks for, name and place. */
export function SetUp({ template, document, catalogue }: SetUpProps) {
  const navigate = useNavigate();
  const use = useUseTemplate(template.id);
  const [said, setSaid] = useState<Said>({ name: "", projectId: "", credentials: {}, parameters: {} });
  const [asked, setAsked] = useState<ReadonlySet<string>>(new Set());
  const form = useRef<HTMLFormElement>(null);
  const may = useProjectsWhere("workflows.write").length > 0;
  const body = useMemo(() => answered(template, said), [template, said]);
  // What is filled in is one request, however often it is sent: a lost answer makes no second workflow.
  const [key, setKey] = useState(newKey);
  const problem = use.error instanceof ApiError ? use.error : null;
  const errorAt = (field: string) => problem?.fields.find((entry) => entry.field === field)?.message;

  const change = (next: Partial<Said>) => {
    use.reset();
    setKey(newKey());
    setSaid({ ...said, ...next });
  };
  // Where something is wrong is gone to once it is drawn: an answer of the API may come long before that.
  const [refused, setRefused] = useState(0);
  useEffect(() => {
    if (refused > 0) toWrong(form.current);
  }, [refused]);
  useEffect(() => {
    if (use.error) toWrong(form.current);
  }, [use.error]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const left = missing(template, said);
    setAsked(new Set(left));
    if (left.length > 0) {
      setRefused(refused + 1);
      return;
    }
    use.mutate(
      { body, key },
      {
        onSuccess: ({ id }) => {
          toast({ tone: "ok", title: t.used, detail: t.usedText });
          void navigate(`/workflows/${id}`);
        },
      },
    );
  };

  if (template.unknownNodes.length > 0) {
    return <p className="p-4 text-bad text-sm">{t.unknown(template.unknownNodes.join(", "))}</p>;
  }
  const fieldless = problem !== null && problem.fields.length === 0;
  const { title, detail } = messageOf(use.error);
  return (
    <form ref={form} noValidate onSubmit={submit} className="divide-y divide-line">
      {template.credentials.length === 0 && template.parameters.length === 0 && (
        <p className="p-4 text-ink-2 text-sm">{t.needsNothing}</p>
      )}
      {template.credentials.length > 0 && (
        <Part title={t.credentials}>
          {template.credentials.map((slot) => (
            <Field
              key={slot.id}
              label={slot.name}
              help={sentences(slot.why, t.later)}
              error={errorAt(`credentials.${slot.id}`)}
            >
              {(ids) => (
                <CredentialSelect
                  ids={ids}
                  types={slot.types}
                  value={said.credentials[slot.id] ?? ""}
                  onChange={(id) => change({ credentials: { ...said.credentials, [slot.id]: id } })}
                />
              )}
            </Field>
          ))}
        </Part>
      )}
      {template.parameters.length > 0 && (
        <Part title={t.details}>
          {template.parameters.map((question) => (
            <QuestionField
              key={question.id}
              question={question}
              document={document}
              catalogue={catalogue}
              template={template}
              said={said}
              error={errorAt(`parameters.${question.id}`) ?? (asked.has(question.id) ? t.needed : undefined)}
              onChange={(value: Json) => {
                setAsked(new Set([...asked].filter((id) => id !== question.id)));
                change({ parameters: { ...said.parameters, [question.id]: value } });
              }}
            />
          ))}
        </Part>
      )}
      <Part title={t.nameAndPlace}>
        <Field label={t.name} error={errorAt("name")}>
          {(ids) => (
            <Input
              {...ids}
              value={said.name}
              maxLength={200}
              placeholder={template.name}
              onChange={(event) => change({ name: event.target.value })}
            />
          )}
        </Field>
        <ProjectField
          permission="workflows.write"
          value={said.projectId}
          error={errorAt("projectId")}
          onChange={(projectId) => change({ projectId })}
        />
      </Part>
      <div className="space-y-2 bg-surface-2 p-4">
        {use.isError && (
          <p role="alert" className="text-bad text-xs">
            {fieldless || !problem ? sentences(title, detail) : t.lookAt}
          </p>
        )}
        {!may && <p className="text-ink-3 text-xs">{t.only}</p>}
        <Button type="submit" variant="primary" busy={use.isPending} disabled={!may} className="w-full">
          {t.useIt}
        </Button>
      </div>
    </form>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className="min-w-0 space-y-3 p-4">
      <legend className="sr-only">{title}</legend>
      <p aria-hidden className="font-medium text-ink-3 text-xs">
        {title}
      </p>
      {children}
    </fieldset>
  );
}
