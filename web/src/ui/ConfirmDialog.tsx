import { useState } from "react";
import { strings } from "../strings";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { messageOf } from "./message";
import { toast } from "./toasts";

interface ConfirmDialogProps {
  title: string;
  text: string;
  action: string;
  failed: string;
  onConfirm(): Promise<unknown>;
  onClose(): void;
}

/** Asks before something that cannot be undone. Stays open with the message when it fails. */
export function ConfirmDialog({ title, text, action, failed, onConfirm, onClose }: ConfirmDialogProps) {
  const [busy, setBusy] = useState(false);
  const confirm = async () => {
    setBusy(true);
    try {
      await onConfirm();
      onClose();
    } catch (error) {
      const { title: what, detail } = messageOf(error);
      toast({ tone: "bad", title: failed, detail: [what, detail].filter(Boolean).join(". ") });
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      description={text}
      footer={
        <>
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button variant="danger" busy={busy} onClick={() => void confirm()}>
            {action}
          </Button>
        </>
      }
    />
  );
}
