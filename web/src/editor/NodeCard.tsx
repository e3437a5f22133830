import { Handle, type NodeProps, Position, useUpdateNodeInternals } from "@xyflow/react";
import { History, Pause, Pin, Plus, SkipForward, StickyNote, TriangleAlert } from "lucide-react";
import { memo, type ReactNode, useContext, useEffect, useRef } from "react";
import type { OutputSource } from "../api/types";
import { atNode } from "../graph/breakpoints";
import { NODE_HEIGHT, NODE_WIDTH } from "../graph/geometry";
import { subtitle } from "../graph/template";
import { useRun } from "../run/context";
import { isOver, type NodeRunState, type NodeState } from "../run/state";
import { strings } from "../strings";
import { cx } from "../ui/cx";
import { NodeIcon } from "../ui/NodeIcon";
import { StatusIcon } from "../ui/Status";
import { duration } from "../ui/time";
import { CanvasContext } from "./canvasContext";
import { BreakpointMark } from "./debug/BreakpointMark";
import type { CardNode, CardPort } from "./flow";
import { NodeTools, useNear } from "./NodeTools";

const RINGS: Partial<Record<NodeState, string>> = {
  running: "border-busy-line is-running",
  retrying: "border-warn-line",
  waiting: "border-accent-line",
  stopped: "border-accent ring-2 ring-accent/30",
  succeeded: "border-ok-line",
  failed: "border-bad ring-2 ring-bad/20",
  skipped: "border-line-strong is-muted",
};

/** How this node stands in the run shown on the canvas, or null where none is. */
function useNodeRun(id: string): { state: NodeState; run: NodeRunState | undefined } | null {
  const run = useRun(({ run: current }) => current.nodes[id] ?? "none");
  const over = useRun(({ run: current }) => isOver(current.status));
  const stopped = useRun(({ run: current }) => Object.values(current.stops).some(({ nodeId }) => nodeId === id));
  if (run === null) return null;
  if (stopped) return { state: "stopped", run: run === "none" ? undefined : run };
  if (run !== "none") return { state: run.status, run };
  return { state: over ? "skipped" : "unreached", run: undefined };
}

/** Has connections find ports that came, went or moved. React Flow looks for them again only when a node changes size. */
function usePortPlaces(id: string, ports: string): void {
  const update = useUpdateNodeInternals();
  const before = useRef(ports);
  useEffect(() => {
    if (before.current !== ports) update(id);
    before.current = ports;
  }, [update, id, ports]);
}

const labelOf = (port: CardPort) => port.label || (port.name === "main" ? strings.editor.mainPort : port.name);

export const NodeCard = memo(function NodeCard({ data, selected, dragging }: NodeProps<CardNode>) {
  const { node, entry, inputs, outputs, shape } = data;
  const { issues, pickAfter } = useContext(CanvasContext);
  const shown = useNodeRun(node.id);
  const disabled = node.settings.disabled === true;
  const trigger = Boolean(entry?.trigger);
  const open = new Set(data.open.split(" "));
  const { near, handlers } = useNear();
  usePortPlaces(node.id, [inputs, outputs].map((ports) => ports.map((port) => port.name).join(" ")).join("/"));
  return (
    <div
      className={cx(
        "node-card relative flex items-center gap-2.5 border bg-surface px-3 transition-[border-color,box-shadow,opacity]",
        trigger ? "rounded-l-[26px] rounded-r-lg" : "rounded-lg",
        selected
          ? "border-accent shadow-md ring-2 ring-accent/25"
          : cx("shadow-sm hover:shadow-md", (shown && RINGS[shown.state]) || "border-line-strong"),
        selected && shown?.state === "running" && "is-running",
        disabled && "is-muted",
      )}
      style={{ width: NODE_WIDTH, height: shape.height, paddingBottom: shape.height - NODE_HEIGHT }}
      data-node={node.name}
      data-state={shown?.state}
      {...handlers}
    >
      {pickAfter && near && !dragging && (
        <NodeTools
          nodeId={node.id}
          name={node.name}
          disabled={disabled}
          runnable={Boolean(entry) && !trigger && !disabled}
          breakable={!trigger}
        />
      )}
      <NodeIcon icon={entry?.icon} category={entry?.category} />
      <div className={cx("node-words min-w-0 flex-1", !shape.rows && besideName(outputs))}>
        <div className="node-name truncate font-medium text-ink text-sm leading-5">{node.name}</div>
        <div className={cx("node-detail truncate text-2xs", entry ? "text-ink-3" : "text-bad")}>
          {subtitle(node, entry)}
        </div>
      </div>
      {pickAfter && <BreakpointMark place={atNode(node.id)} name={node.name} className="-top-1.5 -left-1.5 absolute" />}
      <Corner node={node} disabled={disabled} issues={issues.get(node.id)} />
      {shown && shown.state !== "unreached" && <RunChip state={shown.state} run={shown.run} />}
      {inputs.map((port, index) => (
        <PortMark key={port.name} port={port} y={shape.inputs[index] ?? 0} labelled={inputs.length > 1} input />
      ))}
      {outputs.map((port, index) => (
        <PortMark
          key={port.name}
          port={port}
          y={shape.outputs[index] ?? 0}
          labelled={outputs.length > 1 && !(port.name === "main" && outputs[1]?.below)}
        >
          {pickAfter && open.has(port.name) && (
            <AddButton
              y={shape.outputs[index] ?? 0}
              below={port.below === true}
              label={strings.editor.addAfter(node.name, port.label)}
              onPick={(at) => pickAfter(node.id, port.name, at)}
            />
          )}
        </PortMark>
      ))}
    </div>
  );
});

/** The room that the labels of outputs need beside the name. */
function besideName(outputs: readonly CardPort[]): string | false {
  const beside = outputs.filter((port) => !port.below);
  if (beside.length < 2) return false;
  const longest = Math.max(...beside.map((port) => labelOf(port).length));
  return longest > 6 ? "pr-12" : "pr-8";
}

interface PortMarkProps {
  port: CardPort;
  y: number;
  labelled: boolean;
  input?: boolean;
  children?: ReactNode;
}

/** A port at the edge of the card, with its name where there are several. */
function PortMark({ port, y, labelled, input, children }: PortMarkProps) {
  const text = labelOf(port);
  return (
    <div>
      {(labelled || port.lost) && (
        <span
          title={port.lost ? strings.editor.lostPort(port.name) : text}
          className={cx(
            "node-detail -translate-y-1/2 absolute truncate text-2xs",
            port.below
              ? "left-1/2 ml-2 max-w-44 translate-y-0.5"
              : input
                ? "left-3 max-w-20"
                : "right-3 max-w-44 text-right",
            port.lost ? "text-bad line-through" : port.name === "error" ? "text-bad" : "text-ink-3",
          )}
          style={{ top: y }}
        >
          {text}
        </span>
      )}
      <Handle
        id={port.name}
        type={input ? "target" : "source"}
        position={port.below ? Position.Bottom : input ? Position.Left : Position.Right}
        isConnectable={!port.lost}
        className={cx(port.lost && "is-lost", labelled && !port.below && "is-close")}
        style={port.below ? { left: "50%" } : { top: y }}
      />
      {children}
    </div>
  );
}

interface AddButtonProps {
  y: number;
  below: boolean;
  label: string;
  onPick(at: { x: number; y: number }): void;
}

function AddButton({ y, below, label, onPick }: AddButtonProps) {
  return (
    <div
      className={cx(
        "node-detail nodrag nopan pointer-events-none absolute flex items-center",
        below ? "left-1/2 flex-col" : "left-full",
      )}
      style={{ top: y, translate: below ? "-50% 0" : "0 -50%" }}
    >
      <span className={cx("bg-edge", below ? "mt-1.5 h-5 w-px" : "ml-1.5 h-px w-5")} aria-hidden />
      <button
        type="button"
        aria-label={label}
        title={label}
        onClick={(event) => {
          event.stopPropagation();
          const box = event.currentTarget.getBoundingClientRect();
          onPick({ x: box.right + 8, y: box.top });
        }}
        className="pointer-events-auto flex size-5 items-center justify-center rounded-md border border-line-strong bg-surface text-ink-3 transition-colors hover:border-accent hover:bg-accent hover:text-on-accent"
      >
        <Plus size={13} />
      </button>
    </div>
  );
}

interface CornerProps {
  node: CardNode["data"]["node"];
  disabled: boolean;
  issues: { severity: string; message: string }[] | undefined;
}

/** What there is to know about a node at a glance: issues, disabled, pinned, notes. */
function Corner({ node, disabled, issues }: CornerProps) {
  const errors = issues?.some((issue) => issue.severity === "error");
  return (
    <div className="-top-2 absolute right-2.5 flex gap-1">
      {node.settings.notes && (
        <Mark title={node.settings.notes} tone="border-line-strong text-ink-3">
          <StickyNote size={11} />
        </Mark>
      )}
      {node.pinned && (
        <Mark title={strings.parts.pinnedText} tone="border-accent-line text-accent">
          <Pin size={11} />
          <span className="sr-only">{strings.parts.source.pinned}</span>
        </Mark>
      )}
      {disabled && (
        <Mark title={strings.editor.disabledBadge} tone="border-line-strong text-ink-3">
          <Pause size={11} />
        </Mark>
      )}
      {issues && issues.length > 0 && (
        <Mark
          title={issues.map((issue) => issue.message).join("\n")}
          tone={errors ? "border-bad-line bg-bad-soft text-bad" : "border-warn-line bg-warn-soft text-warn"}
        >
          <TriangleAlert size={11} />
          <span className="sr-only">{strings.editor.issues(issues.length)}</span>
        </Mark>
      )}
    </div>
  );
}

function Mark({ title, tone, children }: { title: string; tone: string; children: ReactNode }) {
  return (
    <span
      title={title || undefined}
      className={cx(
        "flex h-[18px] min-w-[18px] items-center justify-center rounded-full border bg-surface px-0.5",
        tone,
      )}
    >
      {children}
    </span>
  );
}

function SourceIcon({ kind }: { kind: OutputSource["kind"] }) {
  const Icon = { pinned: Pin, execution: History, skipped: SkipForward }[kind];
  return <Icon size={11} aria-hidden />;
}

function RunChip({ state, run }: { state: NodeState; run: NodeRunState | undefined }) {
  return (
    <div className="-bottom-2.5 absolute left-3 flex h-5 items-center gap-1 rounded-full border border-line bg-surface px-1.5 text-2xs text-ink-2 shadow-xs">
      <StatusIcon status={state} size={12} />
      <span className="sr-only">{strings.status[state]}</span>
      <span className="tabular">
        {run?.progress
          ? strings.run.progress(run.progress.done, run.progress.total)
          : state === "running" ||
              state === "retrying" ||
              state === "waiting" ||
              state === "skipped" ||
              state === "stopped"
            ? strings.status[state]
            : duration(run?.durationMs)}
      </span>
      {run?.runs && (
        <span className="tabular" title={strings.run.rounds(run.runs)}>
          {`· ${run.runs.succeeded + run.runs.failed}/${run.runs.total}`}
        </span>
      )}
      {run?.source && (
        <span className="text-accent" title={strings.parts.sourceText[run.source.kind]}>
          <SourceIcon kind={run.source.kind} />
          <span className="sr-only">{strings.parts.source[run.source.kind]}</span>
        </span>
      )}
      {run && run.attempt > 1 && <span className="text-warn">{`×${run.attempt}`}</span>}
    </div>
  );
}
