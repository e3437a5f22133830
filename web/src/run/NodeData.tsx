import { useState } from "react";
import { Link } from "react-router";
import { useRounds } from "../api/queries";
import type { OutputSource } from "../api/types";
import type { NodeType } from "../graph/catalogue";
import { inputPorts, outputPorts } from "../graph/catalogue";
import type { WorkflowNode } from "../graph/document";
import { strings } from "../strings";
import { cx } from "../ui/cx";
import { Select } from "../ui/Select";
import { StatusBadge } from "../ui/Status";
import { duration, number } from "../ui/time";
import { Attempts } from "./Attempts";
import { useRun } from "./context";
import { ErrorCard } from "./ErrorCard";
import { ItemsView } from "./ItemsView";
import { PartialOutput } from "./PartialOutput";
import { fromNodeRun, isOver, type NodeRunState } from "./state";
import { UsageLine } from "./UsageLine";
import { WaitingCard } from "./WaitingCard";

const t = strings.run;

/** What a node received and emitted in the run shown, how long it took, and why it failed. */
export function NodeData({ node, entry }: { node: WorkflowNode; entry: NodeType | undefined }) {
  const executionId = useRun(({ run }) => run.executionId);
  const latest = useRun((state) => state.run.nodes[node.id] ?? "none");
  const used = useRun((state) => state.run.usage[node.id]);
  const coming = useRun((state) => state.run.coming[node.id]);
  const over = useRun((state) => isOver(state.run.status));
  const [side, setSide] = useState<"in" | "out">("out");
  const [port, setPort] = useState<string | null>(null);
  const [round, setRound] = useState("");
  const inLoop = latest !== null && latest !== "none" ? latest.runs : null;
  const rounds = useRounds(executionId ?? "", node.id, JSON.stringify(inLoop), inLoop !== null && inLoop.total > 1);
  if (executionId === null || latest === null) return null;
  const chosen = rounds.data?.find((one) => one.iteration === round);
  const run = chosen && latest !== "none" ? { ...fromNodeRun(chosen), runs: latest.runs } : latest;
  if (run === "none") return <p className="p-6 text-center text-ink-3 text-sm">{over ? t.skippedText : t.notRun}</p>;

  // A node that ran received something; where nothing tells what, it ran within the state machine, without a function.
  const untold = Object.keys(run.received).length === 0 && isEnded(run);
  const counts = side === "in" ? run.received : run.sent;
  const labels = new Map(outputPorts(node, entry).map((entry_) => [entry_.name, entry_.label || entry_.name]));
  const declared = side === "in" ? inputPorts(entry, node).map((one) => one.name) : [...labels.keys()];
  // The node's own order: JSON from the database has its keys sorted.
  const place = (name: string) => declared.indexOf(name) + 1 || Number.POSITIVE_INFINITY;
  const ports = Object.keys(counts).sort((one, other) => place(one) - place(other));
  const shown = port && ports.includes(port) ? port : (ports[0] ?? "main");
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <Facts run={run} />
      <UsageLine usage={chosen ? chosen.usage : used} />
      {rounds.data && rounds.data.length > 1 && (
        <div className="px-4 pb-3">
          <Select
            compact
            label={t.round}
            value={round}
            onChange={setRound}
            options={[
              { value: "", label: t.latestRound },
              ...rounds.data.map(({ iteration, status }) => ({
                value: iteration,
                label: `${t.roundName(iteration)} · ${strings.status[status]}`,
              })),
            ]}
            className="max-w-60"
          />
        </div>
      )}
      {run.source && <SourceNote source={run.source} />}
      {run.waiting && <WaitingCard executionId={executionId} run={run} waiting={run.waiting} />}
      {run.error && (
        <div className="px-4 pb-3">
          <ErrorCard error={run.error} />
        </div>
      )}
      {run.attempt > 1 && <Attempts run={run} />}
      <div className="flex flex-wrap items-center gap-2 px-4 pb-2">
        <div role="tablist" aria-label={t.data} className="inline-flex rounded-md bg-surface-3 p-0.5">
          {(["in", "out"] as const).map((value) => {
            if (value === "in" && entry?.trigger) return null;
            const total = Object.values(value === "in" ? run.received : run.sent).reduce(
              (sum, count) => sum + count,
              0,
            );
            return (
              <button
                key={value}
                type="button"
                role="tab"
                aria-selected={side === value}
                onClick={() => setSide(value)}
                className={cx(
                  "rounded-sm px-2 py-0.5 font-medium text-xs",
                  side === value ? "bg-surface text-ink shadow-xs" : "text-ink-2 hover:text-ink",
                )}
              >
                {value === "in" ? t.input : t.output}{" "}
                {!(value === "in" && untold) && <span className="tabular text-ink-3">{number(total)}</span>}
              </button>
            );
          })}
        </div>
        {ports.length > 1 &&
          ports.map((name) => (
            <button
              key={name}
              type="button"
              aria-pressed={shown === name}
              aria-label={t.port(labels.get(name) ?? name)}
              onClick={() => setPort(name)}
              className={cx(
                "rounded-full border px-2 py-0.5 text-xs",
                shown === name ? "border-accent-line bg-accent-soft text-accent" : "border-line text-ink-2",
              )}
            >
              {labels.get(name) ?? name} <span className="tabular">{number(counts[name] ?? 0)}</span>
            </button>
          ))}
      </div>
      {side === "in" && untold ? (
        <p className="p-6 text-center text-ink-3 text-sm">{t.inputUntold}</p>
      ) : side === "out" && coming?.iteration === run.iteration && !isEnded(run) ? (
        <PartialOutput coming={coming} />
      ) : (
        <ItemsView
          key={`${side} ${shown} ${run.iteration}`}
          executionId={executionId}
          nodeId={node.id}
          direction={side}
          port={shown}
          count={counts[shown] ?? 0}
          ended={run.status === "succeeded" || run.status === "failed" || (run.status === "waiting" && side === "in")}
          version={`${run.attempt} ${run.status}`}
          iteration={run.iteration}
        />
      )}
    </div>
  );
}

/** That a node's output was not made in this execution, and where it is from. */
function SourceNote({ source }: { source: OutputSource }) {
  return (
    <p className="mx-4 mb-3 rounded-lg border border-accent-line bg-accent-soft px-3 py-2 text-ink-2 text-xs">
      {strings.parts.sourceText[source.kind]}{" "}
      {source.kind === "execution" && (
        <Link to={`/executions/${source.executionId}`} className="font-medium text-accent hover:underline">
          {strings.parts.openSource}
        </Link>
      )}
    </p>
  );
}

const isEnded = (run: NodeRunState): boolean => run.status === "succeeded" || run.status === "failed";

function Facts({ run }: { run: NodeRunState }) {
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-3 text-ink-2 text-xs">
      <StatusBadge status={run.status} />
      {run.durationMs !== null && <span className="tabular">{duration(run.durationMs)}</span>}
      {run.runs && <span className="tabular">{t.rounds(run.runs)}</span>}
      {run.attempt > 1 && <span className="text-warn">{t.attempts(run.attempt)}</span>}
      {run.progress && <span className="tabular">{t.progress(run.progress.done, run.progress.total)}</span>}
    </div>
  );
}
