/** The tour's steps: what each stands at, and what takes one on. Pure. */

export type StepId = "canvas" | "palette" | "select" | "inspector" | "run" | "watch";

export interface Step {
  id: StepId;
  /** CSS selectors of what it stands at, the first that is on screen. */
  at: readonly string[];
  side: "top" | "right" | "bottom" | "left";
  /** What the person does to go on; without it there is a button. */
  until?: "selected" | "started" | "ended";
}

const STEPS: readonly Step[] = [
  { id: "canvas", at: ["[data-node]"], side: "bottom" },
  { id: "palette", at: ['[data-tour="palette"]', '[data-tour="add"]'], side: "right" },
  {
    id: "select",
    at: ['[data-node="Add tax"]', "[data-node]:not([data-node='Start'])"],
    side: "top",
    until: "selected",
  },
  { id: "inspector", at: ['[data-tour="inspector"]'], side: "left" },
  { id: "run", at: ['[data-tour="run"]'], side: "bottom", until: "started" },
  { id: "watch", at: ['[data-testid="run-status"]'], side: "top", until: "ended" },
];

/** On a narrow screen the inspector covers the canvas and all else: its steps are left out. */
export function stepsFor(narrow: boolean): readonly Step[] {
  return narrow ? STEPS.filter(({ id }) => id !== "select" && id !== "inspector") : STEPS;
}

export interface Seen {
  /** A node is selected. */
  selected: boolean;
  /** A run began since the tour did. */
  started: boolean;
}

/** Whether the person has done what a step asks for. A run that began takes one on from wherever one is. */
export function isDone(step: Step, seen: Seen): boolean {
  if (step.until === "selected") return seen.selected;
  if (step.until === "started") return seen.started;
  return false;
}

/** The step to show: beyond all that is done, and at the run once one began. */
export function stepAfter(steps: readonly Step[], current: number, seen: Seen): number {
  const watch = steps.length - 1;
  if (seen.started) return watch;
  const step = steps[current];
  return step && isDone(step, seen) ? Math.min(current + 1, watch) : current;
}
