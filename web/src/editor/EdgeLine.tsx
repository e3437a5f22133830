import { BaseEdge, EdgeLabelRenderer, type EdgeProps, getBezierPath, getSmoothStepPath } from "@xyflow/react";
import { CircleDot, Plus, Trash2 } from "lucide-react";
import { memo, useContext, useEffect, useRef, useState } from "react";
import { atEdge, breakpointAt } from "../graph/breakpoints";
import { TURN } from "../graph/routes";
import { useRun } from "../run/context";
import { edgeState } from "../run/state";
import { strings } from "../strings";
import { number } from "../ui/time";
import { CanvasContext } from "./canvasContext";
import { BreakpointDot } from "./debug/BreakpointMark";
import { toggleBreakpoint, useDebugging } from "./debug/breakpoints";
import type { LineEdge } from "./flow";

/** A connection: what went along it in the run shown, and, in the editor, insert and delete. */
export const EdgeLine = memo(function EdgeLine(props: EdgeProps<LineEdge>) {
  const { id, sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, selected, data } = props;
  const { source, target, sourceHandleId, targetHandleId } = props;
  const ends = { sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition };
  const detour = data?.detour ?? null;
  const [path, labelX, labelY] =
    detour === null
      ? getBezierPath(ends)
      : getSmoothStepPath({ ...ends, centerY: detour, borderRadius: 14, offset: TURN });
  const { pickOnEdge, removeEdge } = useContext(CanvasContext);
  const [near, setNear] = useState(false);
  const timer = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);
  const enter = () => {
    clearTimeout(timer.current);
    setNear(true);
  };
  // The buttons lie beside the line: give the pointer time to reach them.
  const leave = () => {
    timer.current = window.setTimeout(() => setNear(false), 260);
  };
  const edge = { id, source, target, sourcePort: sourceHandleId ?? "main", targetPort: targetHandleId ?? "main" };
  const breakpoint = useDebugging(({ breakpoints }) => breakpointAt(breakpoints, atEdge(edge)));
  const sent = useRun(({ run }) => {
    const state = edgeState(edge, run);
    return state.kind === "delivered" ? state.count : state.kind;
  });
  const flowing = useRun(({ run }) => {
    const status = run.nodes[target]?.status;
    return status === "running" || status === "retrying";
  });
  const look = typeof sent === "number" ? (flowing ? "flowing" : "delivered") : sent === "dead" ? "dead" : "";
  const editable = pickOnEdge !== null && removeEdge !== null;
  const tools = editable && (near || selected);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hovering only brings up buttons that the keyboard reaches by selecting the edge.
    <g
      className={`react-flow__edge ${look} ${data?.lost ? "lost" : ""} ${data?.change ?? ""} ${selected ? "selected" : ""}`}
      onMouseEnter={enter}
      onMouseLeave={leave}
    >
      <BaseEdge path={path} interactionWidth={22} />
      <EdgeLabelRenderer>
        {typeof sent === "number" && !tools && (
          <div
            className="tabular pointer-events-none absolute rounded-full border border-ok-line bg-surface px-1.5 font-medium text-2xs text-ok"
            style={{ transform: `translate(-50%, -50%) translate(${labelX}px, ${labelY}px)` }}
          >
            {strings.run.items(sent).replace(String(sent), number(sent))}
          </div>
        )}
        {editable && breakpoint && !tools && (
          <div
            className="pointer-events-none absolute"
            style={{
              transform: `translate(-50%, -50%) translate(${labelX}px, ${labelY - (typeof sent === "number" ? 18 : 0)}px)`,
            }}
          >
            <BreakpointDot hollow={false} conditional={breakpoint.condition.trim() !== ""} />
            <span className="sr-only">{strings.debug.setAt(data?.label ?? "")}</span>
          </div>
        )}
        {tools && (
          // biome-ignore lint/a11y/noStaticElementInteractions: keeps the buttons while the pointer is on them.
          <div
            onMouseEnter={enter}
            onMouseLeave={leave}
            className="nodrag nopan pointer-events-auto absolute z-10 flex animate-appear overflow-hidden rounded-md border border-line-strong bg-surface shadow-sm"
            style={{ transform: `translate(-50%, -50%) translate(${labelX}px, ${labelY}px)` }}
          >
            <button
              type="button"
              aria-label={`${strings.editor.insertHere}: ${data?.label ?? ""}`}
              title={strings.editor.insertHere}
              className="flex size-6 items-center justify-center text-ink-2 hover:bg-accent-soft hover:text-accent"
              onClick={(event) => pickOnEdge(id, { x: event.clientX, y: event.clientY })}
            >
              <Plus size={14} />
            </button>
            <button
              type="button"
              aria-label={`${strings.debug.breakpoint}: ${data?.label ?? ""}`}
              title={strings.debug.breakpoint}
              aria-pressed={breakpoint !== undefined}
              className={`flex size-6 items-center justify-center border-line border-l hover:bg-bad-soft hover:text-bad ${breakpoint ? "text-bad" : "text-ink-2"}`}
              onClick={() => toggleBreakpoint(atEdge(edge))}
            >
              <CircleDot size={13} />
            </button>
            <button
              type="button"
              aria-label={`${strings.editor.removeEdge}: ${data?.label ?? ""}`}
              title={strings.editor.removeEdge}
              className="flex size-6 items-center justify-center border-line border-l text-ink-2 hover:bg-bad-soft hover:text-bad"
              onClick={() => removeEdge(id)}
            >
              <Trash2 size={13} />
            </button>
          </div>
        )}
      </EdgeLabelRenderer>
    </g>
  );
});
