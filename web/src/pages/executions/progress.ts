import type { Execution } from "../../api/types";
import { isOver } from "../../run/state";
import { strings } from "../../strings";

const t = strings.executions;

/** What is said of an execution in a line: until it has ended how far it is, and what started it. */
export function toldOf({ status, steps, trigger, workflowVersion, versionName, waitsFor }: Execution): string {
  const told = [
    ...(waitsFor ? [t.waitsFor[waitsFor] ?? waitsFor] : []),
    strings.triggers[trigger] ?? trigger,
    workflowVersion === null ? t.draft : strings.versions.short(workflowVersion, versionName),
  ];
  if (isOver(status) || !steps) return told.join(" · ");
  const waits = steps.waiting > 0 ? [t.waits(steps.waiting)] : [];
  return [...waits, t.steps(steps.done), ...told].join(" · ");
}
