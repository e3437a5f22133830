import { CircleDot, Ellipsis, Pause, Play, Trash2 } from "lucide-react";
import { type MouseEvent, type PointerEvent, type ReactNode, useContext, useEffect, useRef, useState } from "react";
import { atNode } from "../graph/breakpoints";
import { strings } from "../strings";
import { cx } from "../ui/cx";
import { deleteSelection, toggleDisabledSelection } from "./actions";
import { toggleBreakpoint } from "./debug/breakpoints";
import { openNodeMenu } from "./NodeMenu";
import { select } from "./store";
import { RunningContext } from "./useRunning";

const LEAVE_MS = 180;

/** Whether a mouse is at an element, or was a moment ago: time to reach what lies beside it. A finger is never near. */
export function useNear() {
  const [near, setNear] = useState(false);
  const timer = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);
  const onPointerEnter = (event: PointerEvent) => {
    clearTimeout(timer.current);
    if (event.pointerType === "mouse") setNear(true);
  };
  const onPointerLeave = () => {
    timer.current = window.setTimeout(() => setNear(false), LEAVE_MS);
  };
  return { near, handlers: { onPointerEnter, onPointerLeave } };
}

interface NodeToolsProps {
  nodeId: string;
  name: string;
  disabled: boolean;
  /** Whether the node can be run on its own. */
  runnable: boolean;
  /** Whether a debug run can stop before it. */
  breakable: boolean;
}

/** What is done with a node most, above its card while the mouse is there. The node's menu has all of it for the keyboard. */
export function NodeTools({ nodeId, name, disabled, runnable, breakable }: NodeToolsProps) {
  const running = useContext(RunningContext);
  const t = strings.editor;
  return (
    <div className="node-tools nodrag nopan absolute bottom-full left-0 pb-2">
      <div
        role="toolbar"
        aria-label={strings.parts.menu(name)}
        className="flex animate-appear overflow-hidden rounded-md border border-line-strong bg-surface shadow-sm"
      >
        {running && runnable && (
          <Tool label={strings.parts.runNode} onPress={() => void running.runPart("only", nodeId)}>
            <Play size={13} />
          </Tool>
        )}
        {breakable && (
          <Tool label={strings.debug.breakpoint} onPress={() => toggleBreakpoint(atNode(nodeId))}>
            <CircleDot size={13} />
          </Tool>
        )}
        <Tool label={disabled ? t.enable : t.disable} onPress={() => onlyThis(nodeId, toggleDisabledSelection)}>
          <Pause size={13} />
        </Tool>
        <Tool label={t.delete} danger onPress={() => onlyThis(nodeId, deleteSelection)}>
          <Trash2 size={13} />
        </Tool>
        <Tool
          label={strings.parts.more}
          onPress={(event) => {
            const box = event.currentTarget.getBoundingClientRect();
            openNodeMenu(nodeId, { x: box.left, y: box.bottom + 4 });
          }}
        >
          <Ellipsis size={13} />
        </Tool>
      </div>
    </div>
  );
}

function onlyThis(nodeId: string, act: () => void): void {
  select([nodeId]);
  act();
}

interface ToolProps {
  label: string;
  danger?: boolean;
  onPress(event: MouseEvent<HTMLButtonElement>): void;
  children: ReactNode;
}

function Tool({ label, danger, onPress, children }: ToolProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      tabIndex={-1}
      onClick={(event) => {
        event.stopPropagation();
        onPress(event);
      }}
      className={cx(
        "flex size-6 items-center justify-center border-line text-ink-2 not-first:border-l",
        danger ? "hover:bg-bad-soft hover:text-bad" : "hover:bg-accent-soft hover:text-accent",
      )}
    >
      {children}
    </button>
  );
}
