import { useState } from "react";
import { getWorkflow } from "../api/endpoints";
import { strings } from "../strings";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { messageOf } from "../ui/message";
import { toast } from "../ui/toasts";
import type { Saver } from "./saver";
import { edit, useEditor } from "./store";

const t = strings.editor;

/** Somebody else saved: keep mine or load theirs. Either way nothing is lost. */
export function ConflictDialog({ saver }: { saver: React.RefObject<Saver | null> }) {
  const conflict = useEditor((state) => state.save === "conflict");
  const id = useEditor((state) => state.workflowId);
  const [busy, setBusy] = useState<"mine" | "theirs" | null>(null);
  if (!conflict) return null;
  const answer = async (choice: "mine" | "theirs") => {
    setBusy(choice);
    try {
      const theirs = await getWorkflow(id);
      if (choice === "mine") {
        await saver.current?.overwrite(theirs.revision);
      } else {
        // Adopted first, so that the change below counts as what is saved; undo brings the own version back.
        saver.current?.adopt(theirs.document, theirs.revision);
        edit(() => theirs.document);
        toast({ tone: "info", title: t.theirsLoaded });
      }
    } catch (error) {
      const { title, detail } = messageOf(error);
      toast({ tone: "bad", title, detail });
    } finally {
      setBusy(null);
    }
  };
  return (
    <Dialog
      open
      mustAnswer
      onOpenChange={() => undefined}
      title={t.conflictTitle}
      description={t.conflictText}
      footer={
        <>
          <Button busy={busy === "theirs"} disabled={busy !== null} onClick={() => void answer("theirs")}>
            {t.loadTheirs}
          </Button>
          <Button variant="primary" busy={busy === "mine"} disabled={busy !== null} onClick={() => void answer("mine")}>
            {t.keepMine}
          </Button>
        </>
      }
    >
      <dl className="space-y-1 text-ink-2 text-sm">
        {[
          [t.keepMine, t.keepMineHelp],
          [t.loadTheirs, t.loadTheirsHelp],
        ].map(([term, text]) => (
          <div key={term} className="flex gap-2">
            <dt className="font-medium text-ink">{term}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
