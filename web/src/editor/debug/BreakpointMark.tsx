import { breakpointAt, idle, type Place } from "../../graph/breakpoints";
import { strings } from "../../strings";
import { cx } from "../../ui/cx";
import { useEditor } from "../store";
import { useDebugging } from "./breakpoints";

interface BreakpointMarkProps {
  place: Place;
  name: string;
  className: string;
}

/** The dot of a breakpoint, where there is one. */
export function BreakpointMark({ place, name, className }: BreakpointMarkProps) {
  const breakpoint = useDebugging(({ breakpoints }) => breakpointAt(breakpoints, place));
  const why = useEditor(({ history, catalogue }) => (breakpoint ? idle(history.present, catalogue, place) : null));
  if (!breakpoint) return null;
  const text = [strings.debug.setAt(name), why && strings.debug.idle[why], breakpoint.condition].filter(Boolean);
  return (
    <span className={cx("flex", className)} title={text.join("\n")} data-breakpoint={name}>
      <BreakpointDot hollow={why !== null} conditional={breakpoint.condition.trim() !== ""} />
      <span className="sr-only">{text.join(" ")}</span>
    </span>
  );
}

/** The mark of a breakpoint. Hollow where nothing stops; with an equals sign in it where it has a condition. */
export function BreakpointDot({ hollow, conditional }: { hollow: boolean; conditional: boolean }) {
  return (
    <span
      aria-hidden
      className={`inline-flex size-3 shrink-0 items-center justify-center rounded-full border-2 border-bad ${hollow ? "bg-surface" : "bg-bad"}`}
    >
      {conditional && <span className={`h-0.5 w-1 rounded-full ${hollow ? "bg-bad" : "bg-surface"}`} />}
    </span>
  );
}
