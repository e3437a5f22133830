import { type FormEvent, useState } from "react";
import { ApiError } from "../api/problem";
import { useRenameCredential } from "../api/queries";
import type { Credential } from "../api/types";
import { strings } from "../strings";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Field, Input } from "../ui/Form";
import { messageOf } from "../ui/message";
import { toast } from "../ui/toasts";

const t = strings.credentials;

/** Gives a credential another name. Its secret stays, and nodes go on using it: they know it by its id. */
export function RenameCredentialDialog({ credential, onClose }: { credential: Credential; onClose(): void }) {
  const [name, setName] = useState(credential.name);
  const rename = useRenameCredential();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!name.trim()) return;
    rename.mutate(
      { id: credential.id, name: name.trim() },
      {
        onSuccess: (saved) => {
          toast({ tone: "ok", title: t.renamed(saved.name) });
          onClose();
        },
      },
    );
  };
  const { error } = rename;
  const wrong =
    error instanceof ApiError ? (error.messageFor("name") ?? error.detail) : error ? messageOf(error).title : undefined;
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t.renameTitle}>
      <form onSubmit={submit} className="space-y-3 pb-3">
        <Field label={t.name} help={t.nameHelp} error={wrong} required>
          {(ids) => <Input {...ids} value={name} maxLength={100} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button type="submit" variant="primary" busy={rename.isPending} disabled={!name.trim()}>
            {strings.common.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
