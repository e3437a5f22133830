import { type FormEvent, useState } from "react";
import type { Said } from "../../api/endpoints";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { SaidFields } from "./SaidFields";

const t = strings.versions;
const asking = strings.releases;

interface PublishDialogProps {
  /** The name of the environment in which somebody else has to approve it; undefined where nobody has to. */
  asksIn?: string | undefined;
  onPublish(said: Said): void;
  onClose(): void;
}

/** Asks what to say about the version that is published, or that is to be: what the list of versions shows. */
export function PublishDialog({ asksIn, onPublish, onClose }: PublishDialogProps) {
  const [said, setSaid] = useState({ name: "", note: "" });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onClose();
    onPublish({ name: said.name.trim(), note: said.note.trim() });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={asksIn ? asking.askTitle : t.publishTitle}
      description={asksIn ? asking.askText(asksIn) : t.publishText}
    >
      <form onSubmit={submit} className="space-y-3 pb-3">
        <SaidFields said={said} onChange={setSaid} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button type="submit" variant="primary">
            {asksIn ? asking.ask : strings.editor.publish}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
