import { type FormEvent, useId, useState } from "react";
import { PRODUCTION, useEnvironments } from "../../api/environments";
import { useSaveVariable, type Variable, type VariableRequest } from "../../api/variables";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field, Input, Textarea } from "../../ui/Form";
import { messageOf } from "../../ui/message";
import { Select } from "../../ui/Select";
import { toast } from "../../ui/toasts";
import { read, written } from "./variableValues";

const t = strings.variables;
const KINDS = Object.entries(t.kinds).map(([value, label]) => ({ value, label }));
const BOOLEANS = [
  { value: "true", label: t.yes },
  { value: "false", label: t.no },
];
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
interface VariableDialogProps {
  /** What is changed; a new one without it. */
  variable?: Variable;
  onClose(): void;
}

/** Makes a variable or changes one. */
export function VariableDialog({ variable, onClose }: VariableDialogProps) {
  const [name, setName] = useState(variable?.name ?? "");
  const [kind, setKind] = useState<string>(variable?.kind ?? "text");
  const [description, setDescription] = useState(variable?.description ?? "");
  const [texts, setTexts] = useState<Record<string, string>>(() =>
    Object.fromEntries(Object.entries(variable?.values ?? {}).map(([key, value]) => [key, written(value)])),
  );
  const [wrong, setWrong] = useState<{ name?: string; values?: Record<string, string> }>({});
  const known = useEnvironments().data;
  const places = known ?? [{ key: PRODUCTION, name: PRODUCTION }];
  const save = useSaveVariable();
  const form = useId();
  const choose = (next: string) => {
    setKind(next);
    setWrong({});
    if (next !== "boolean") return;
    setTexts((now) =>
      Object.fromEntries(Object.entries(now).map(([key, text]) => [key, text === "true" ? text : "false"])),
    );
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    // What is empty has no value there, but a text in the only environment.
    const given = places.filter(({ key }) => texts[key] || (kind === "text" && places.length === 1));
    const found = given.map(({ key }) => [key, read(kind, texts[key] ?? "")] as const);
    const bad = Object.fromEntries(found.flatMap(([key, one]) => ("wrong" in one ? [[key, one.wrong]] : [])));
    if (given.length === 0) bad[PRODUCTION] = t.needed;
    const problems = {
      ...(NAME.test(name.trim()) ? {} : { name: t.wrongName }),
      ...(Object.keys(bad).length > 0 ? { values: bad } : {}),
    };
    setWrong(problems);
    if (Object.keys(problems).length > 0) return;
    try {
      const body = {
        name: name.trim(),
        kind: kind as VariableRequest["kind"],
        description: description.trim(),
        values: Object.fromEntries(found.flatMap(([key, one]) => ("value" in one ? [[key, one.value]] : []))),
      };
      await save.mutateAsync({ id: variable?.id, body });
      toast({ tone: "ok", title: t.saved, detail: t.savedText });
      onClose();
    } catch (error) {
      const { title, detail } = messageOf(error);
      setWrong({ name: detail || title });
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={variable ? t.editTitle(variable.name) : t.addTitle}
      footer={
        <>
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button variant="primary" type="submit" form={form} busy={save.isPending} disabled={!name.trim()}>
            {strings.common.save}
          </Button>
        </>
      }
    >
      <form id={form} noValidate onSubmit={(event) => void submit(event)} className="space-y-3">
        <div className="grid gap-3 sm:grid-cols-[minmax(0,1fr)_10rem]">
          <Field label={t.name} required help={t.nameHelp} error={wrong.name}>
            {(ids) => (
              <Input
                {...ids}
                value={name}
                maxLength={64}
                autoComplete="off"
                spellCheck={false}
                className="font-mono"
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
          <Field label={t.kind} required>
            {(ids) => <Select {...ids} value={kind} onChange={choose} options={KINDS} />}
          </Field>
        </div>
        {places.map(({ key, name: place }) => (
          <ValueField
            key={key}
            label={places.length > 1 ? t.valueIn(place) : t.value}
            kind={kind}
            optional={places.length > 1}
            text={texts[key] ?? ""}
            error={wrong.values?.[key]}
            onChange={(text) => setTexts((now) => ({ ...now, [key]: text }))}
          />
        ))}
        <Field label={t.description}>
          {(ids) => (
            <Input
              {...ids}
              value={description}
              maxLength={300}
              onChange={(event) => setDescription(event.target.value)}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}

interface ValueFieldProps {
  label: string;
  kind: string;
  /** Whether it may have none. */
  optional: boolean;
  text: string;
  error: string | undefined;
  onChange(text: string): void;
}

/** The field of a value, by its type. */
function ValueField({ label, kind, optional, text, error, onChange }: ValueFieldProps) {
  return (
    <Field label={label} error={error}>
      {(ids) =>
        kind === "boolean" ? (
          <Select
            {...ids}
            value={text}
            onChange={onChange}
            options={optional ? [{ value: "", label: t.noValue }, ...BOOLEANS] : BOOLEANS}
          />
        ) : kind === "number" ? (
          <Input
            {...ids}
            inputMode="decimal"
            autoComplete="off"
            value={text}
            onChange={(event) => onChange(event.target.value)}
          />
        ) : (
          <Textarea
            {...ids}
            rows={kind === "json" ? 5 : 2}
            spellCheck={false}
            value={text}
            className="min-h-9 font-mono"
            onChange={(event) => onChange(event.target.value)}
          />
        )
      }
    </Field>
  );
}
