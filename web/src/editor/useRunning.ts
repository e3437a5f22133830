import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { cancelExecution, type RunRequest, runWorkflow } from "../api/endpoints";
import { ApiError } from "../api/problem";
import type { Diagnostic, Item } from "../graph/document";
import { live } from "../live/live";
import { type Watched, watchFreshRun } from "../run/store";
import { strings } from "../strings";
import { messageOf } from "../ui/message";
import { toast } from "../ui/toasts";
import type { Saver } from "./saver";
import { currentDocument, useEditor } from "./store";
import { asItems, defaultItems, startsOf } from "./triggers";

export interface Running {
  run(request?: { triggerNodeId?: string; items?: Item[] }): Promise<boolean>;
  cancel(): Promise<void>;
  close(): void;
  starting: boolean;
  executionId: string | null;
}

/** Runs the draft: saves it, starts it, and shows it on the canvas as it happens. */
export function useRunning(workflowId: string, saver: React.RefObject<Saver | null>): Running {
  const [starting, setStarting] = useState(false);
  const executionId = useEditor((state) => state.runExecutionId);
  const watched = useRef<Watched | null>(null);

  const close = useCallback(() => {
    watched.current?.stop();
    watched.current = null;
    useEditor.setState({ runStore: null, runExecutionId: null });
  }, []);
  useEffect(() => close, [close]);

  const run = useCallback(
    async (request: { triggerNodeId?: string; items?: Item[] } = {}) => {
      const { catalogue } = useEditor.getState();
      const [start] = startsOf(currentDocument(), catalogue);
      if (!start) {
        toast({ tone: "info", title: strings.editor.noTrigger });
        return false;
      }
      setStarting(true);
      try {
        // A draft that cannot be saved is not what would run: the save bar says why.
        if (!(await saver.current?.flush())) return false;
        const body: RunRequest = { triggerNodeId: start.node.id, items: asItems(defaultItems(start)), ...request };
        const { executionId: id } = await runWorkflow(workflowId, body);
        watched.current?.stop();
        watched.current = watchFreshRun(id, live);
        useEditor.setState({ runStore: watched.current.store, runExecutionId: id });
        return true;
      } catch (error) {
        const found = error instanceof ApiError ? error.body.diagnostics : undefined;
        if (Array.isArray(found)) useEditor.setState({ diagnostics: found as Diagnostic[] });
        const { title, detail } = messageOf(error);
        toast({ tone: "bad", title: strings.editor.runFailed, detail: [title, detail].filter(Boolean).join(". ") });
        return false;
      } finally {
        setStarting(false);
      }
    },
    [workflowId, saver],
  );

  const cancel = useCallback(async () => {
    const { runExecutionId } = useEditor.getState();
    if (!runExecutionId) return;
    await cancelExecution(runExecutionId).catch((error: unknown) => {
      toast({ tone: "bad", title: strings.run.cancelFailed, detail: messageOf(error).title });
    });
  }, []);

  return useMemo(() => ({ run, cancel, close, starting, executionId }), [run, cancel, close, starting, executionId]);
}
