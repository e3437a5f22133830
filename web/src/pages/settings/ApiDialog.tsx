import { type FormEvent, useId, useState } from "react";
import { type ApiEntry, useAddApi, useChangeApi } from "../../api/apis";
import { ApiError } from "../../api/problem";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field, Input, Textarea } from "../../ui/Form";
import { messageOf } from "../../ui/message";
import { toast } from "../../ui/toasts";

const t = strings.apis;
type Name = "document" | "name" | "baseUrl";

interface ApiDialogProps {
  /** What is changed; a new one without it. */
  api?: ApiEntry;
  onClose(): void;
}

/** Adds an API by its OpenAPI document, or gives one another document, name or URL. */
export function ApiDialog({ api, onClose }: ApiDialogProps) {
  const [document, setDocument] = useState("");
  const [name, setName] = useState(api?.name ?? "");
  const [baseUrl, setBaseUrl] = useState(api?.baseUrl ?? "");
  const [wrong, setWrong] = useState<Partial<Record<Name, string>>>({});
  const add = useAddApi();
  const change = useChangeApi(api?.id ?? "");
  const form = useId();
  const read = async (file: File | undefined) => {
    if (!file) return;
    try {
      setDocument(await file.text());
      setWrong({});
    } catch {
      setWrong({ document: t.unreadable });
    }
  };
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setWrong({});
    try {
      if (api) {
        const done = await change.mutateAsync({ document: document.trim() ? document : null, name, baseUrl });
        toast({ tone: "ok", title: t.changed(done.name) });
      } else {
        const done = await add.mutateAsync({ document, name, baseUrl });
        toast({ tone: "ok", title: t.added(done.name, t.operations(done.operationCount)) });
      }
      onClose();
    } catch (error) {
      setWrong(wrongOf(error));
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={api ? t.changeTitle(api.name) : t.addTitle}
      footer={
        <>
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button
            variant="primary"
            type="submit"
            form={form}
            busy={add.isPending || change.isPending}
            disabled={!api && !document.trim()}
          >
            {strings.common.save}
          </Button>
        </>
      }
    >
      <form id={form} noValidate onSubmit={(event) => void save(event)} className="space-y-3 pb-1">
        <Field label={t.file} help={t.fileHelp}>
          {(ids) => (
            <Input
              {...ids}
              type="file"
              accept=".json,.yaml,.yml,application/json,application/yaml"
              className="h-auto py-1.5"
              onChange={(event) => void read(event.target.files?.[0])}
            />
          )}
        </Field>
        <Field
          label={api ? t.newDocument : t.document}
          help={api ? t.newDocumentHelp : t.documentHelp}
          error={wrong.document}
          required={!api}
        >
          {(ids) => (
            <Textarea
              {...ids}
              value={document}
              rows={8}
              spellCheck={false}
              onChange={(event) => setDocument(event.target.value)}
              className="font-mono text-xs"
            />
          )}
        </Field>
        <div className="grid gap-3 sm:grid-cols-2">
          <Field label={t.name} help={api ? undefined : t.nameHelp} error={wrong.name}>
            {(ids) => <Input {...ids} value={name} maxLength={100} onChange={(event) => setName(event.target.value)} />}
          </Field>
          <Field label={t.url} help={t.urlHelp} error={wrong.baseUrl}>
            {(ids) => (
              <Input
                {...ids}
                type="url"
                inputMode="url"
                placeholder="https://api.example.com/v1"
                value={baseUrl}
                maxLength={2000}
                onChange={(event) => setBaseUrl(event.target.value)}
              />
            )}
          </Field>
        </div>
      </form>
    </Dialog>
  );
}

/** What is wrong, at its field; at the document where it is none's. */
function wrongOf(error: unknown): Partial<Record<Name, string>> {
  const known = error instanceof ApiError ? error.fields : [];
  const found: Partial<Record<Name, string>> = {};
  for (const { field, message } of known)
    if (field === "document" || field === "name" || field === "baseUrl") found[field] = message;
  if (Object.keys(found).length > 0) return found;
  const { title, detail } = messageOf(error);
  return { document: detail || title };
}
