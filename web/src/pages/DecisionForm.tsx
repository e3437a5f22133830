import { Check, X } from "lucide-react";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { ApiError } from "../api/problem";
import { useDecideApproval } from "../api/queries";
import type { Approval, ApprovalField, Decision } from "../api/types";
import { jsonText } from "../fields/json";
import { strings } from "../strings";
import { Button } from "../ui/Button";
import { Field, Input, Textarea } from "../ui/Form";
import { messageOf, sentences } from "../ui/message";
import { Select } from "../ui/Select";
import { Switch } from "../ui/Switch";
import { sayFailed, toast } from "../ui/toasts";
import { type Answers, emptyAnswers, problems, toSend } from "./answers";

const t = strings.approvals;

/** The answers that an approval asks for, a comment, and approve or reject. */
export function DecisionForm({ approval }: { approval: Approval }) {
  const { form } = approval;
  const [answers, setAnswers] = useState<Answers>(() => emptyAnswers(form));
  const [comment, setComment] = useState("");
  const [args, setArgs] = useState(() => jsonText(approval.arguments ?? undefined));
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const decide = useDecideApproval(approval.id);
  const refused = decide.error instanceof ApiError ? decide.error : null;
  const shownForm = useRef<HTMLFormElement>(null);
  // What must be mended is where one goes on writing.
  useEffect(() => {
    if (Object.keys(wrong).length > 0 || refused)
      shownForm.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [wrong, refused]);

  const send = (decision: Decision) => {
    const found = problems(form, answers, decision === "approve");
    const changed = approval.arguments ? objectOf(args) : undefined;
    if (decision === "approve" && changed === null) found[ARGUMENTS] = t.argumentsWrong;
    setWrong(found);
    if (Object.keys(found).length > 0) return;
    decide
      .mutateAsync({
        decision,
        comment: comment.trim(),
        form: toSend(form, answers),
        ...(decision === "approve" && changed ? { arguments: changed } : {}),
      })
      .then(
        () => toast({ tone: "ok", title: t.decided[decision] }),
        // The form goes away with what it says, once it is known that there is nothing to decide any more.
        (error: unknown) => isOver(error) && sayFailed(t.failed, error),
      );
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send("approve");
  };
  const deciding = decide.isPending ? decide.variables.decision : null;
  return (
    <form ref={shownForm} onSubmit={submit} noValidate className="space-y-3" aria-label={t.form}>
      {approval.arguments && (
        <Field label={t.arguments} help={t.argumentsHelp} error={wrong[ARGUMENTS]}>
          {(ids) => (
            <Textarea
              {...ids}
              value={args}
              rows={Math.min(16, args.split("\n").length + 1)}
              spellCheck={false}
              className="font-mono text-xs"
              onChange={(event) => setArgs(event.target.value)}
            />
          )}
        </Field>
      )}
      {form.map((field) => (
        <Answer
          key={field.name}
          field={field}
          value={answers[field.name] ?? ""}
          error={wrong[field.name] ?? refused?.messageFor(field.name)}
          onChange={(value) => setAnswers({ ...answers, [field.name]: value })}
        />
      ))}
      <Field label={t.comment} help={t.commentHelp}>
        {(ids) => (
          <Textarea {...ids} value={comment} maxLength={5000} onChange={(event) => setComment(event.target.value)} />
        )}
      </Field>
      {decide.error && !isOver(decide.error) && !refused?.fields.length && (
        <p role="alert" className="rounded-md bg-bad-soft px-3 py-2 text-bad text-sm">
          {sentences(t.failed, messageOf(decide.error).detail)}
        </p>
      )}
      <div className="flex flex-wrap justify-end gap-2 pt-1">
        <Button
          variant="danger"
          icon={<X size={15} />}
          busy={deciding === "reject"}
          disabled={decide.isPending}
          onClick={() => send("reject")}
        >
          {t.reject}
        </Button>
        <Button
          variant="primary"
          type="submit"
          icon={<Check size={15} />}
          busy={deciding === "approve"}
          disabled={decide.isPending}
        >
          {t.approve}
        </Button>
      </div>
    </form>
  );
}

const ARGUMENTS = " arguments";

/** Whether somebody else has decided meanwhile, or the time to decide is over. */
const isOver = (error: unknown) => error instanceof ApiError && (error.status === 409 || error.status === 410);

/** The object that a text is as JSON; null where it is none. */
function objectOf(text: string): Record<string, unknown> | null {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === "object" && found !== null && !Array.isArray(found)
      ? (found as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

interface AnswerProps {
  field: ApprovalField;
  value: string | boolean;
  error: string | undefined;
  onChange(value: string | boolean): void;
}

function Answer({ field, value, error, onChange }: AnswerProps) {
  const text = typeof value === "string" ? value : "";
  return (
    <Field label={field.label} required={field.required && field.type !== "boolean"} error={error}>
      {(ids) => {
        switch (field.type) {
          case "boolean":
            return <Switch {...ids} label={field.label} checked={value === true} onChange={onChange} />;
          case "select":
            return (
              <Select
                {...ids}
                value={text}
                onChange={onChange}
                placeholder={t.choose}
                options={(field.options ?? []).map((option) => ({ value: option, label: option }))}
              />
            );
          default:
            return (
              <Input
                {...ids}
                value={text}
                inputMode={field.type === "number" ? "decimal" : "text"}
                onChange={(event) => onChange(event.target.value)}
              />
            );
        }
      }}
    </Field>
  );
}
