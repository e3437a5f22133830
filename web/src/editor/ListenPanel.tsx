import { Play, Radio, RefreshCw, Square } from "lucide-react";
import { useContext, useEffect, useState } from "react";
import { usePolls } from "../api/queries";
import type { NodeType } from "../graph/catalogue";
import type { Item, WorkflowNode } from "../graph/document";
import { ItemJson } from "../run/ItemJson";
import { strings } from "../strings";
import { Button } from "../ui/Button";
import { sentences } from "../ui/message";
import { ago } from "../ui/time";
import { type Listening, listen, stop, useListening } from "./listening";
import { useEditor } from "./store";
import { rememberItems } from "./triggers";
import { RunningContext } from "./useRunning";

const t = strings.listening;

/** Tries a trigger out: fetches the newest things, or listens for the first event or call; and how it fares live. */
export function ListenPanel({ node, entry }: { node: WorkflowNode; entry: NodeType }) {
  const workflowId = useEditor((state) => state.workflowId);
  const state = useListening(({ of }) => of[node.id] ?? null);
  const running = useContext(RunningContext);
  const polls = Boolean(entry.listens?.polls);
  const words = entry.trigger === "webhook" ? t.webhook : entry.trigger === "form" ? t.form : t.provider;
  if (!running) return null;
  const begin = async () => {
    if (await running.saved(t.notListening)) await listen(workflowId, node.id);
  };
  const waiting = state?.kind === "waiting";
  const idle = polls ? t.newest : words.listen;
  const again = polls ? t.newestAgain : t.listenAgain;
  return (
    <section aria-label={idle} className="rounded-lg border border-line bg-surface-2 p-3">
      <div className="flex flex-wrap items-center gap-2">
        {waiting ? (
          <Button size="sm" icon={<Square size={13} />} onClick={() => void stop()}>
            {t.stop}
          </Button>
        ) : (
          <Button
            size="sm"
            icon={polls ? <RefreshCw size={13} /> : <Radio size={13} />}
            busy={state?.kind === "busy"}
            disabled={node.settings.disabled}
            onClick={() => void begin()}
          >
            {state && state.kind !== "busy" ? again : idle}
          </Button>
        )}
        {waiting && <Countdown until={state.until} />}
      </div>
      {!state && <p className="mt-1.5 text-ink-3 text-xs">{polls ? t.newestText : words.listenText}</p>}
      <div role="status" className="text-xs">
        {state && <Said state={state} polls={polls} words={words} />}
      </div>
      {state?.kind === "heard" && state.items.length > 0 && (
        <Heard
          items={state.items}
          busy={running.starting}
          onRun={() => {
            const text = JSON.stringify(
              state.items.map(({ json }) => json),
              null,
              2,
            );
            rememberItems(workflowId, node.id, text);
            void running.run({ triggerNodeId: node.id, items: state.items });
          }}
        />
      )}
      {polls && <Fares node={node} />}
    </section>
  );
}

/** What became of it, read out when it changes. */
function Said({ state, polls, words }: { state: Listening; polls: boolean; words: typeof t.provider }) {
  switch (state.kind) {
    case "busy":
      return <p className="mt-1.5 text-ink-3">{t.busy}</p>;
    case "waiting":
      return <p className="mt-1.5 text-ink-2">{words.waiting}</p>;
    case "heard":
      return (
        <p className="mt-1.5 font-medium text-ok">
          {state.items.length === 0 ? t.nothing : (polls ? t.fetched : t.heard)(state.items.length)}
        </p>
      );
    case "timedOut":
      return <p className="mt-1.5 text-warn">{words.timedOut}</p>;
    case "stopped":
      return <p className="mt-1.5 text-ink-3">{t.stopped}</p>;
    case "failed":
      return (
        <p className="mt-1.5 break-words text-bad">
          {state.title || t.failed}. {state.detail}
        </p>
      );
  }
}

/** The time that is left. No live region: nobody wants each second read out. */
function Countdown({ until }: { until: number }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(Math.ceil((until - now) / 1_000), 0);
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  return (
    <span role="timer" aria-live="off" className="tabular text-ink-3 text-xs">
      {t.left(clock)}
    </span>
  );
}

function Heard({ items, busy, onRun }: { items: Item[]; busy: boolean; onRun(): void }) {
  return (
    <div className="mt-2 space-y-2">
      {/* biome-ignore lint/a11y/useSemanticElements: a section would be a second landmark inside the panel. */}
      <div
        role="region"
        aria-label={t.items}
        tabIndex={0}
        className="max-h-64 overflow-auto rounded-lg border border-line"
      >
        <ItemJson items={items} />
      </div>
      <Button size="sm" icon={<Play size={13} />} busy={busy} onClick={onRun}>
        {t.use}
      </Button>
    </div>
  );
}

/** How the published trigger fares. */
function Fares({ node }: { node: WorkflowNode }) {
  const workflowId = useEditor((state) => state.workflowId);
  const published = useEditor((state) => state.publishedVersion) !== null;
  const found = usePolls(published).data?.find((one) => one.nodeId === node.id && one.workflowId === workflowId);
  if (!found) return null;
  const error = found.lastError as { message?: string; remedy?: string } | null;
  return (
    <div className="mt-2 border-line border-t pt-2 text-xs">
      <span className="text-ink-3">
        {!found.enabled ? t.paused : found.lastPolledAt ? t.polled(ago(found.lastPolledAt)) : t.neverPolled}
      </span>
      {found.failures > 0 && (
        <p className="mt-1 break-words text-bad">
          {sentences(t.failing(found.failures), error?.message, error?.remedy)}
        </p>
      )}
    </div>
  );
}
