import { type FormEvent, useId, useState } from "react";
import { ApiError } from "../../api/problem";
import { useSaveTemplate, useTemplatePreview, useTemplates } from "../../api/templates";
import type { WorkflowSummary } from "../../api/types";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field, Input, Textarea } from "../../ui/Form";
import { inWords } from "../../ui/message";
import { Select } from "../../ui/Select";
import { Failed, LoadingRows } from "../../ui/States";
import { toast } from "../../ui/toasts";

const t = strings.templates;
const OWN = { search: "", use: "", app: "", source: "own" as const };

interface SaveTemplateDialogProps {
  workflow: WorkflowSummary;
  onClose(): void;
}

/** Makes a template of a workflow, or the next version of one; what is left out is said before. */
export function SaveTemplateDialog({ workflow, onClose }: SaveTemplateDialogProps) {
  const form = useId();
  const preview = useTemplatePreview(workflow.id);
  const own = useTemplates(OWN).data?.items ?? [];
  const save = useSaveTemplate();
  const [of, setOf] = useState("");
  const [name, setName] = useState(workflow.name);
  const [summary, setSummary] = useState("");
  const [use, setUse] = useState("");
  const error = save.error instanceof ApiError ? save.error : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = { workflowId: workflow.id, name: name.trim(), summary: summary.trim(), uses: use ? [use] : [] };
    save.mutate(
      { of, body, note: summary.trim() },
      {
        onSuccess: ({ name: saved, version }) => {
          toast({ tone: "ok", title: t.saved(saved, version), detail: t.savedText });
          onClose();
        },
      },
    );
  };
  const atField = ["name", "summary", "workflowId"].some((field) => error?.messageFor(field));
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t.saveAs}
      description={t.saveAsText}
      footer={
        <>
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button
            type="submit"
            form={form}
            variant="primary"
            busy={save.isPending}
            disabled={!preview.data || (of === "" && name.trim() === "")}
          >
            {t.save}
          </Button>
        </>
      }
    >
      <form id={form} noValidate onSubmit={submit} className="space-y-3">
        {own.length > 0 && (
          <Field label={t.as} error={error?.messageFor("workflowId")}>
            {(ids) => (
              <Select
                {...ids}
                value={of}
                onChange={setOf}
                options={[
                  { value: "", label: t.asNew },
                  ...own.map((one) => ({ value: one.id, label: t.asVersion(one.name, one.version + 1) })),
                ]}
              />
            )}
          </Field>
        )}
        {of === "" && (
          <Field label={t.templateName} required error={error?.messageFor("name")}>
            {(ids) => <Input {...ids} value={name} maxLength={200} onChange={(event) => setName(event.target.value)} />}
          </Field>
        )}
        <Field label={of === "" ? t.summary : t.whatIsNew} error={error?.messageFor("summary")}>
          {(ids) => (
            <Textarea
              {...ids}
              value={summary}
              maxLength={of === "" ? 500 : 300}
              onChange={(event) => setSummary(event.target.value)}
            />
          )}
        </Field>
        {of === "" && (
          <Field label={t.use}>
            {(ids) => (
              <Select
                {...ids}
                value={use}
                onChange={setUse}
                options={[
                  { value: "", label: t.noUse },
                  ...Object.entries(t.uses).map(([value, label]) => ({ value, label })),
                ]}
              />
            )}
          </Field>
        )}
        {preview.isPending && <LoadingRows rows={2} />}
        {preview.isError && <Failed error={preview.error} onRetry={() => void preview.refetch()} />}
        {preview.data && (
          <section aria-label={t.leftOut} className="rounded-md border border-line bg-surface-2 p-3 text-xs">
            <p className="font-medium">{t.leftOut}</p>
            {preview.data.removed.length === 0 && <p className="mt-1 text-ink-2">{t.nothingLeftOut}</p>}
            <ul className="mt-1 space-y-1 text-ink-2">
              {preview.data.removed.map((one) => (
                <li key={`${one.node} ${one.field}`} className="wrap-anywhere">
                  {one.node && <span className="font-medium text-ink">{one.node}: </span>}
                  {one.what} <code className="text-ink-3">{one.field}</code>
                </li>
              ))}
            </ul>
          </section>
        )}
        {error && !atField && (
          <p role="alert" className="text-bad text-xs">
            {inWords(error)}
          </p>
        )}
      </form>
    </Dialog>
  );
}
