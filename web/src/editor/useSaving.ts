import { useEffect, useRef } from "react";
import { saveWorkflow } from "../api/endpoints";
import { useSession } from "../api/session";
import type { Workflow } from "../api/types";
import { forgetOwnBackup, keepBackup } from "./backup";
import { Saver } from "./saver";
import { useEditor } from "./store";

/** Saves the open workflow as it changes. Returns the saver, for saving at once and for conflicts. */
export function useSaving(workflow: Workflow): React.RefObject<Saver | null> {
  const ref = useRef<Saver | null>(null);
  useEffect(() => {
    const { id } = workflow;
    const saver = new Saver(workflow.document, workflow.revision, {
      async save(document, revision) {
        const saved = await saveWorkflow(id, document, revision);
        useEditor.setState({
          webhooks: saved.webhooks ?? [],
          publishedVersion: saved.publishedVersion,
          enabled: saved.enabled,
        });
        return saved.revision;
      },
      status: (save, saveError, draftKept) => useEditor.setState({ save, saveError, draftKept }),
      keep: (document, revision) => keepBackup(id, document, revision),
      forget: () => forgetOwnBackup(id),
    });
    ref.current = saver;
    const stopDocument = useEditor.subscribe((state, before) => {
      if (state.workflowId === id && state.history.present !== before.history.present) {
        saver.changed(state.history.present);
      }
    });
    const stopSession = useSession.subscribe((session, before) => {
      if (session.state === "signedIn" && before.state === "expired") void saver.flush();
    });
    const guard = (event: BeforeUnloadEvent) => {
      if (!saver.clean) event.preventDefault();
    };
    const onOnline = () => void saver.flush();
    window.addEventListener("beforeunload", guard);
    window.addEventListener("online", onOnline);
    return () => {
      stopDocument();
      stopSession();
      window.removeEventListener("beforeunload", guard);
      window.removeEventListener("online", onOnline);
      void saver.flush();
      saver.close();
    };
  }, [workflow]);
  return ref;
}
