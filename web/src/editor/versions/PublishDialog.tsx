import { type FormEvent, useState } from "react";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field, Textarea } from "../../ui/Form";

const t = strings.versions;

/** As much as the API keeps. */
const MOST = 500;

/** Asks what to say about the version that is published: what the list of versions shows. */
export function PublishDialog({ onPublish, onClose }: { onPublish(note: string): void; onClose(): void }) {
  const [note, setNote] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onClose();
    onPublish(note.trim());
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t.publishTitle} description={t.publishText}>
      <form onSubmit={submit} className="space-y-3 pb-3">
        <Field label={t.note} help={t.noteHelp}>
          {(ids) => (
            <Textarea {...ids} value={note} maxLength={MOST} onChange={(event) => setNote(event.target.value)} />
          )}
        </Field>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button type="submit" variant="primary">
            {strings.editor.publish}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
