import { FastForward, OctagonX, RotateCcw, SkipForward, Square, StepForward } from "lucide-react";
import { lazy, Suspense, useContext, useEffect, useState } from "react";
import { getStop, type Ports, type StopAction } from "../api/debugging";
import { useDebugging } from "../editor/debug/breakpoints";
import { editOf, keepEdit, letGo, shownStop } from "../editor/debug/going";
import { parseItems } from "../editor/items";
import { nameOf } from "../graph/breakpoints";
import { findNode, type Item, type WorkflowDocument } from "../graph/document";
import { strings } from "../strings";
import { Button } from "../ui/Button";
import { cx } from "../ui/cx";
import { messageOf } from "../ui/message";
import { patient } from "../ui/patient";
import { Skeleton } from "../ui/States";
import { StatusIcon } from "../ui/Status";
import { dateTime } from "../ui/time";
import { RunContext, useRun } from "./context";
import { EvaluateAtStop } from "./EvaluateAtStop";
import { isOver } from "./state";
import type { StopState } from "./stops";

const CodeEditor = lazy(() =>
  patient(() => import("../fields/CodeEditor").then((module) => ({ default: module.CodeEditor }))),
);
const t = strings.debug;

interface DebugPanelProps {
  executionId: string;
  document: WorkflowDocument;
  onSelect(nodeId: string): void;
  /** Ends the run. */
  onEnd(): void;
}

/** What waits in a debug run: the list of stops, and the one of them that is looked at. */
export function DebugPanel({ executionId, document, onSelect, onEnd }: DebugPanelProps) {
  const waiting = useRun(({ run }) => run.stops) ?? {};
  const over = useRun(({ run }) => isOver(run.status)) === true;
  const shown = useDebugging((state) => state.shown);
  const stops = Object.values(waiting);
  const stop = shownStop(stops, shown);
  if (!stop) return <p className="p-4 text-ink-2 text-sm">{over ? t.over : t.waitsForNothing}</p>;
  return (
    <div className="flex min-h-0 flex-1 flex-col md:flex-row">
      {stops.length > 1 && (
        <ul
          aria-label={t.stops}
          className="flex max-h-24 shrink-0 flex-col overflow-y-auto border-line border-b p-2 md:max-h-none md:w-56 md:border-r md:border-b-0"
        >
          {stops.map((one) => (
            <li key={one.id}>
              <button
                type="button"
                aria-current={one.id === stop.id}
                onClick={() => {
                  useDebugging.setState({ shown: one.id });
                  onSelect(one.nodeId);
                }}
                className={cx(
                  "flex w-full items-center gap-2 rounded-md px-2 py-1.5 text-left text-sm hover:bg-surface-3",
                  one.id === stop.id && "bg-accent-soft text-accent",
                )}
              >
                <StatusIcon status={one.reason === "error" ? "failed" : "stopped"} size={14} />
                <span className="min-w-0 flex-1 truncate">{findNode(document, one.nodeId)?.name ?? one.nodeId}</span>
                {one.iteration && <span className="tabular text-ink-3 text-xs">{t.round(one.iteration)}</span>}
              </button>
            </li>
          ))}
        </ul>
      )}
      <StopView key={stop.id} executionId={executionId} document={document} stop={stop} onEnd={onEnd} />
    </div>
  );
}

interface StopViewProps {
  executionId: string;
  document: WorkflowDocument;
  stop: StopState;
  onEnd(): void;
}

function StopView({ executionId, document, stop, onEnd }: StopViewProps) {
  const [inputs, setInputs] = useState<Ports | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const [texts, setTexts] = useState<Record<string, string>>({});
  useEffect(() => {
    const abort = new AbortController();
    getStop(executionId, stop.id, abort.signal).then(
      (detail) => {
        const kept = editOf(stop.id);
        setInputs(detail.inputs);
        setTexts(
          Object.fromEntries(
            Object.entries(detail.inputs).map(([port, items]) => [port, textOf(kept?.[port] ?? items)]),
          ),
        );
      },
      (error: unknown) => !abort.signal.aborted && setFailed(error),
    );
    return () => abort.abort();
  }, [executionId, stop.id]);
  const ports = Object.keys(inputs ?? {});
  const read = ports.map((port) => ({ port, ...parseItems(texts[port] ?? "") }));
  const changed = inputs ? ports.filter((port) => texts[port] !== textOf(inputs[port])) : [];
  const wrong = read.some(({ error }) => error !== null);
  const edited =
    inputs && changed.length > 0 && !wrong
      ? Object.fromEntries(
          read
            .filter(({ port }) => changed.includes(port))
            .map(({ port, items }) => [
              port,
              (items ?? []).map((item, index) => withFiles(item, inputs[port]?.[index])),
            ]),
        )
      : null;
  // Keys act on what stands here, too.
  useEffect(() => {
    if (inputs) keepEdit(stop.id, wrong ? "wrong" : edited);
  });
  return (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col">
      <Head executionId={executionId} document={document} stop={stop} wrong={wrong} onEnd={onEnd} />
      <div className="grid min-h-0 flex-1 auto-rows-min gap-4 overflow-y-auto p-3 md:grid-cols-2">
        <section aria-label={t.inputs} className="min-w-0 space-y-3">
          {failed !== null && (
            <p role="alert" className="text-bad text-sm">
              {Object.values(messageOf(failed)).filter(Boolean).join(". ")}
            </p>
          )}
          {!inputs && failed === null && <Skeleton className="h-24 w-full" />}
          {inputs &&
            read.map(({ port, error }) => {
              const label = ports.length > 1 ? t.inputsOf(port) : t.inputs;
              return (
                <div key={port}>
                  <div className="mb-1 flex min-h-6 items-center gap-2 text-xs">
                    <span className="font-medium">{label}</span>
                    {changed.includes(port) && (
                      <>
                        <span className="rounded-full bg-accent-soft px-1.5 text-accent">{t.edited}</span>
                        <button
                          type="button"
                          className="font-medium text-accent hover:underline"
                          onClick={() => setTexts((all) => ({ ...all, [port]: textOf(inputs[port]) }))}
                        >
                          {t.reset}
                        </button>
                      </>
                    )}
                  </div>
                  <Suspense fallback={<Skeleton className="h-24 w-full" />}>
                    <CodeEditor
                      label={label}
                      language="json"
                      value={texts[port] ?? ""}
                      invalid={error !== null}
                      onChange={(text) => setTexts((all) => ({ ...all, [port]: text }))}
                    />
                  </Suspense>
                  {error && (
                    <p role="alert" className="mt-1 text-bad text-xs">
                      {t.wrong}
                      {error}
                    </p>
                  )}
                </div>
              );
            })}
        </section>
        <EvaluateAtStop executionId={executionId} stop={stop} items={edited} />
      </div>
    </div>
  );
}

interface HeadProps extends StopViewProps {
  wrong: boolean;
}

/** Why it stops, and what can be done. */
function Head({ executionId, document, stop, wrong, onEnd }: HeadProps) {
  const store = useContext(RunContext);
  const [busy, setBusy] = useState<StopAction | null>(null);
  const act = async (action: StopAction) => {
    if (!store || busy) return;
    setBusy(action);
    if (!(await letGo(store, executionId, stop, action))) setBusy(null);
  };
  const node = findNode(document, stop.nodeId)?.name ?? stop.nodeId;
  const isFailure = stop.reason === "error";
  const why = [
    stop.breakpoint?.edge ? `${t.reason.edge}: ${nameOf(document, stop.breakpoint)}` : t.reason[stop.reason],
    stop.iteration && t.round(stop.iteration),
    stop.problem ? t.conditionFailed(stop.problem) : stop.item !== null && t.holdsFor(stop.item),
  ].filter(Boolean);
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-line border-b px-3 py-2">
      <div className="min-w-0 flex-1 basis-52">
        <div role="status" className="flex items-center gap-1.5 font-medium text-sm">
          <StatusIcon status={isFailure ? "failed" : "stopped"} size={14} />
          <span className="truncate">{node}</span>
        </div>
        <div className={cx("text-xs", stop.problem ? "text-warn" : "text-ink-2")}>{why.join(" · ")}</div>
        {stop.error && <div className="break-words text-bad text-xs">{stop.error.message}</div>}
        {stop.expiresAt && <div className="text-2xs text-ink-3">{t.until(dateTime(stop.expiresAt))}</div>}
      </div>
      <div role="toolbar" aria-label={t.tools} className="flex flex-wrap gap-1.5">
        <Button
          size="sm"
          variant="primary"
          disabled={wrong}
          busy={busy === "run"}
          icon={isFailure ? <RotateCcw size={13} /> : <FastForward size={13} />}
          aria-keyshortcuts="F8"
          title={`${isFailure ? t.tryAgain : t.runOn} (F8)`}
          onClick={() => void act("run")}
        >
          {isFailure ? t.tryAgain : t.runOn}
        </Button>
        <Button
          size="sm"
          disabled={wrong}
          busy={busy === "step"}
          icon={<StepForward size={13} />}
          aria-keyshortcuts="F10"
          title={`${t.step} (F10)`}
          onClick={() => void act("step")}
        >
          {t.step}
        </Button>
        <Button
          size="sm"
          disabled={wrong}
          busy={busy === "skip"}
          icon={<SkipForward size={13} />}
          title={t.skipHelp}
          onClick={() => void act("skip")}
        >
          {t.skip}
        </Button>
        {isFailure && (
          <Button size="sm" busy={busy === "fail"} icon={<OctagonX size={13} />} onClick={() => void act("fail")}>
            {t.letFail}
          </Button>
        )}
        <Button size="sm" variant="danger" icon={<Square size={12} />} onClick={onEnd}>
          {t.end}
        </Button>
      </div>
    </div>
  );
}

function textOf(items: readonly Item[] | undefined): string {
  return items && items.length > 0
    ? JSON.stringify(
        items.map((item) => item.json),
        null,
        2,
      )
    : "";
}

/** Files are not edited: an item in the place of one that had some keeps them. */
function withFiles(item: Item, before: Item | undefined): Item {
  return before?.binary ? { ...item, binary: before.binary } : item;
}
