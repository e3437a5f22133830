import { useQueryClient } from "@tanstack/react-query";
import { createContext, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { cancelExecution, listExecutions, type RunRequest, runWorkflow } from "../api/endpoints";
import { ApiError } from "../api/problem";
import { keys } from "../api/queries";
import type { Item, WorkflowDocument } from "../graph/document";
import { live } from "../live/live";
import { isOver } from "../run/state";
import { type Watched, watchExecution, watchFreshRun } from "../run/store";
import { strings } from "../strings";
import { messageOf, sentences } from "../ui/message";
import { toast } from "../ui/toasts";
import { keepRun, unpinned, usableIn, useDebugging } from "./debug/breakpoints";
import { tell } from "./findings";
import { parseItems } from "./items";
import { type PartOfRun, partRequest } from "./parts";
import { savedOrTold } from "./savedOrTold";
import type { Saver } from "./saver";
import { currentDocument, useEditor } from "./store";
import { asItems, asksOf, defaultItems, rememberedItems, startsOf } from "./triggers";

/** A run of all, or of what leads to a node; items and trigger are the workflow's own where it names none. */
export interface Wanted {
  triggerNodeId?: string;
  items?: Item[];
  untilNodeId?: string;
}

export interface Running {
  run(request?: Wanted): Promise<boolean>;
  /** Runs it, or asks first, where its trigger begins with what a person says. */
  start(request?: Pick<Wanted, "untilNodeId">): void;
  /** What is asked about before it runs; null for nothing. */
  asking: Pick<Wanted, "untilNodeId"> | null;
  ask(request: Pick<Wanted, "untilNodeId"> | null): void;
  /** Runs a part, with the data of the run on screen, else of the workflow's last one. */
  runPart(part: PartOfRun, nodeId: string): Promise<boolean>;
  /** Runs it to the first breakpoint, or stepwise. */
  debug(stepwise: boolean): Promise<boolean>;
  /** Debugs it with what an execution had: from a node, or with what started it. It stops at once. */
  debugFrom(executionId: string, startNodeId: string | null): Promise<boolean>;
  /** Shows a run that goes on, which somebody started before. */
  attach(executionId: string): void;
  cancel(): Promise<void>;
  /** Saves the draft; false, and a message with this title, where that did not work. */
  saved(title: string): Promise<boolean>;
  close(): void;
  starting: boolean;
  executionId: string | null;
}

/** Runs the draft: saves it, starts it, and shows it on the canvas as it happens. */
export function useRunning(workflowId: string, saver: React.RefObject<Saver | null>): Running {
  const queries = useQueryClient();
  const [starting, setStarting] = useState(false);
  const executionId = useEditor((state) => state.runExecutionId);
  const [asking, ask] = useState<Pick<Wanted, "untilNodeId"> | null>(null);
  const watched = useRef<Watched | null>(null);
  const busy = useRef(false);

  const close = useCallback(() => {
    watched.current?.stop();
    watched.current = null;
    useEditor.setState({ runStore: null, runExecutionId: null });
  }, []);
  useEffect(() => close, [close]);

  /** Saves the draft and starts what `request` gives; false where nothing started, and a toast says why. */
  const begin = useCallback(
    async (request: () => Promise<RunRequest | null>) => {
      // A key that is pressed twice starts one run.
      if (busy.current) return false;
      busy.current = true;
      setStarting(true);
      try {
        // A draft that cannot be saved is not what would run.
        if (!(await savedOrTold(saver, strings.safety.notStarted))) return false;
        const body = await request();
        if (!body) {
          toast({ tone: "info", title: strings.parts.needsRun });
          return false;
        }
        const { executionId: id } = await runWorkflow(workflowId, body);
        watched.current?.stop();
        watched.current = watchFreshRun(id, live);
        // A provider may have ended a credential's access, which the run found out.
        watched.current.store.subscribe((now, before) => {
          if (now.run.status === "failed" && before.run.status !== "failed") {
            void queries.invalidateQueries({ queryKey: keys.credentials });
          }
        });
        useEditor.setState({ runStore: watched.current.store, runExecutionId: id });
        if (body.debug) {
          keepRun({ executionId: id, startNodeId: body.startNodeId ?? null, pinned: body.pinned !== false });
        } else useDebugging.setState({ executionId: null, startNodeId: null, shown: null });
        return true;
      } catch (error) {
        if (error instanceof ApiError) tell(error);
        const { title, detail } = messageOf(error);
        toast({ tone: "bad", title: strings.editor.runFailed, detail: sentences(title, detail) });
        return false;
      } finally {
        busy.current = false;
        setStarting(false);
      }
    },
    [workflowId, saver, queries],
  );

  const run = useCallback(
    async (request: Wanted = {}) => {
      const start = firstStart();
      return start !== null && begin(async () => ({ ...start, ...request }));
    },
    [begin],
  );

  const start = useCallback(
    (request: Pick<Wanted, "untilNodeId"> = {}) => {
      const [first] = startsOf(currentDocument(), useEditor.getState().catalogue);
      const needs = first ? asksOf(first) : "nothing";
      if (!first || needs === "nothing") void run(request);
      else {
        // A request is made up by a person: ask for it the first time, and use the same again from then on.
        // What an app tells of is fetched or listened for in its panel, and remembered.
        const { items } = needs === "items" ? parseItems(rememberedItems(workflowId, first.node.id) ?? "") : {};
        if (items) void run({ ...request, triggerNodeId: first.node.id, items });
        else ask(request);
      }
    },
    [run, workflowId],
  );

  const runPart = useCallback(
    (part: PartOfRun, nodeId: string) => begin(async () => partRequest(part, nodeId, await dataFrom(workflowId))),
    [begin, workflowId],
  );

  const debug = useCallback(
    async (stepwise: boolean) => {
      const start = firstStart();
      if (start === null) return false;
      const remembered = parseItems(rememberedItems(workflowId, start.triggerNodeId) ?? "").items;
      return begin(async () => {
        return {
          ...start,
          ...(remembered ? { items: remembered } : {}),
          debug: stopsOf(currentDocument(), stepwise, null),
        };
      });
    },
    [begin, workflowId],
  );

  const debugFrom = useCallback(
    (fromExecutionId: string, startNodeId: string | null) =>
      begin(async () => ({
        fromExecutionId,
        ...(startNodeId ? { startNodeId } : {}),
        pinned: false,
        debug: stopsOf(unpinned(currentDocument()), true, startNodeId),
      })),
    [begin],
  );

  const attach = useCallback((id: string) => {
    watched.current?.stop();
    watched.current = watchExecution(id, live);
    useEditor.setState({ runStore: watched.current.store, runExecutionId: id });
  }, []);

  const cancel = useCallback(async () => {
    const { runExecutionId } = useEditor.getState();
    if (!runExecutionId) return;
    await cancelExecution(runExecutionId).catch((error: unknown) => {
      toast({ tone: "bad", title: strings.run.cancelFailed, detail: messageOf(error).title });
    });
  }, []);

  const saved = useCallback((title: string) => savedOrTold(saver, title), [saver]);

  return useMemo(
    () => ({ run, start, asking, ask, runPart, debug, debugFrom, attach, cancel, saved, close, starting, executionId }),
    [run, start, asking, runPart, debug, debugFrom, attach, cancel, saved, close, starting, executionId],
  );
}

/** For what runs nodes from within the editor: menus, panels. */
export const RunningContext = createContext<Running | null>(null);

/** Where a debug run of a document stops, and for how long. Notes that it is that document's. */
function stopsOf(runs: WorkflowDocument, stepwise: boolean, startNodeId: string | null) {
  useDebugging.setState({ runs });
  const { onError, minutes } = useDebugging.getState();
  return { breakpoints: usableIn(runs, startNodeId), stepwise, onError, stopSeconds: minutes * 60 };
}

/** Where a run by hand begins, with which items; null, and a toast, where the workflow has no trigger. */
function firstStart(): { triggerNodeId: string; items: Item[] } | null {
  const [start] = startsOf(currentDocument(), useEditor.getState().catalogue);
  if (!start) {
    toast({ tone: "info", title: strings.editor.noTrigger });
    return null;
  }
  return { triggerNodeId: start.node.id, items: asItems(defaultItems(start)) };
}

/** The run whose data parts of the workflow take: the one on screen once it is over, else the last one that ended. */
async function dataFrom(workflowId: string): Promise<string | null> {
  const { runStore, runExecutionId } = useEditor.getState();
  if (runStore && runExecutionId && isOver(runStore.getState().run.status)) return runExecutionId;
  const { items } = await listExecutions({ workflowId }, null);
  return items.find(({ id, status }) => id !== runExecutionId && isOver(status))?.id ?? null;
}
