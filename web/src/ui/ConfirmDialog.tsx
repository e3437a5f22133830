import { type ReactNode, useState } from "react";
import { strings } from "../strings";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { messageOf, sentences } from "./message";
import { Slow } from "./Slow";
import { toast } from "./toasts";

interface ConfirmDialogProps {
  title: string;
  text: string;
  action: string;
  failed: string;
  /** Whether it takes something away; else it is the main thing to do. */
  danger?: boolean;
  /** What the button says that leaves everything as it is. */
  dismiss?: string;
  /** Said once it takes longer than it mostly does: why. */
  slow?: string;
  /** What is to be seen before it is decided. */
  children?: ReactNode;
  onConfirm(): Promise<unknown>;
  onClose(): void;
}

/** Asks before something that cannot be undone. Stays open with the message when it fails. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, text, action, failed, danger = true, dismiss = strings.common.cancel, onConfirm, onClose } = props;
  const [busy, setBusy] = useState(false);
  const confirm = async () => {
    setBusy(true);
    try {
      await onConfirm();
      onClose();
    } catch (error) {
      const { title: what, detail } = messageOf(error);
      toast({ tone: "bad", title: failed, detail: sentences(what, detail) });
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
          <Button onClick={onClose}>{dismiss}</Button>
          <Button variant={danger ? "danger" : "primary"} busy={busy} onClick={() => void confirm()}>
            {action}
          </Button>
        </>
      }
    >
      {props.children}
      {props.slow && <Slow busy={busy}>{props.slow}</Slow>}
    </Dialog>
  );
}
