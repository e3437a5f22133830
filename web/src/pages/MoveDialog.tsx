import { useState } from "react";
import { ApiError } from "../api/problem";
import { ProjectField, useProjectsWhere } from "../fields/ProjectField";
import { strings } from "../strings";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { inWords } from "../ui/message";
import { toast } from "../ui/toasts";

const t = strings.projects;

interface MoveDialogProps {
  name: string;
  /** What goes with it, and what stays. */
  text: string;
  /** The project that it is in. */
  from: string;
  /** What one must be allowed to do where it is to go. */
  permission: string;
  onMove(projectId: string): Promise<unknown>;
  onClose(): void;
}

/** Moves something into another project. Stays open with the reason when it is refused. */
export function MoveDialog({ name, text, from, permission, onMove, onClose }: MoveDialogProps) {
  const projects = useProjectsWhere(permission);
  const [to, setTo] = useState(from);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState("");
  const go = async () => {
    setBusy(true);
    setWrong("");
    try {
      await onMove(to);
      toast({ tone: "ok", title: t.moved(projects.find(({ id }) => id === to)?.name ?? "") });
      onClose();
    } catch (error) {
      // The words name what is in the way; its fields would say it again, for programs.
      setWrong(error instanceof ApiError && error.detail ? error.detail : inWords(error));
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t.moveTitle(name)}
      description={text}
      footer={
        <>
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button variant="primary" busy={busy} disabled={to === from} onClick={() => void go()}>
            {t.moveAction}
          </Button>
        </>
      }
    >
      <ProjectField permission={permission} value={to} onChange={setTo} error={wrong || undefined} />
    </Dialog>
  );
}
