import { type FormEvent, useState } from "react";
import type { Said } from "../../api/endpoints";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { SaidFields } from "./SaidFields";

const t = strings.versions;

/** Asks what to say about the version that is published: what the list of versions shows. */
export function PublishDialog({ onPublish, onClose }: { onPublish(said: Said): void; onClose(): void }) {
  const [said, setSaid] = useState({ name: "", note: "" });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onClose();
    onPublish({ name: said.name.trim(), note: said.note.trim() });
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t.publishTitle} description={t.publishText}>
      <form onSubmit={submit} className="space-y-3 pb-3">
        <SaidFields said={said} onChange={setSaid} />
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
