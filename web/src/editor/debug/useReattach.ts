import { useEffect } from "react";
import { getExecution } from "../../api/endpoints";
import { ApiError } from "../../api/problem";
import { isOver } from "../../run/state";
import { useEditor } from "../store";
import type { Running } from "../useRunning";
import { forgetRun, keptRun, unpinned, useDebugging } from "./breakpoints";

/** Takes up the debug run that goes on in a workflow whose editor was left or loaded anew. */
export function useReattach(workflowId: string, attach: Running["attach"]): void {
  useEffect(() => {
    const last = keptRun(workflowId);
    if (!last) return;
    const abort = new AbortController();
    const { executionId, startNodeId, pinned } = last;
    getExecution(executionId, abort.signal).then(
      ({ debug, status, document }) => {
        if (abort.signal.aborted) return;
        if (!debug || isOver(status)) return forgetRun(workflowId);
        if (useEditor.getState().runExecutionId) return;
        attach(executionId);
        useDebugging.setState({ executionId, startNodeId, runs: pinned ? document : unpinned(document), shown: null });
      },
      (error: unknown) => {
        // What cannot be asked for now is in the list of executions all the same.
        if (error instanceof ApiError && error.status === 404) forgetRun(workflowId);
      },
    );
    return () => abort.abort();
  }, [workflowId, attach]);
}
