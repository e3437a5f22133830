import { useState } from "react";
import type { Workflow } from "../api/types";
import { sameJson } from "../graph/reading";
import { strings } from "../strings";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { ago } from "../ui/time";
import { forgetBackup, readBackups } from "./backup";
import { edit } from "./store";

const t = strings.editor;

/** Offers what this browser kept of edits that were never saved, one after the other. */
export function Recovery({ workflow }: { workflow: Workflow }) {
  const [backups, setBackups] = useState(() =>
    readBackups(workflow.id).filter((backup) => {
      const different = !sameJson(backup.document, workflow.document);
      if (!different) forgetBackup(backup.key);
      return different;
    }),
  );
  const [backup] = backups;
  if (!backup) return null;
  const close = () => setBackups(([, ...rest]) => rest);
  return (
    <Dialog
      open
      mustAnswer
      onOpenChange={close}
      title={t.recoverTitle}
      description={
        <>
          {t.recoverText(ago(backup.at))} {backup.revision < workflow.revision && strings.safety.savedSince}
        </>
      }
      footer={
        <>
          <Button
            onClick={() => {
              forgetBackup(backup.key);
              close();
            }}
          >
            {t.discard}
          </Button>
          <Button
            variant="primary"
            onClick={() => {
              // Gone first: where storage is nearly full, this page needs the room to keep the same.
              forgetBackup(backup.key);
              edit(() => backup.document);
              close();
            }}
          >
            {t.recover}
          </Button>
        </>
      }
    />
  );
}
