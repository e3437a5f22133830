import type { Execution } from "../../api/types";
import { isOver } from "../../run/state";
import { strings } from "../../strings";

const t = strings.executions;

/** What is said of an execution in a line: what started it, and, until it has ended, how far it is. */
export function toldOf({ status, steps, trigger, workflowVersion }: Execution): string {
  const told = [strings.triggers[trigger] ?? trigger, workflowVersion === null ? t.draft : t.version(workflowVersion)];
  if (!isOver(status) && steps) {
    told.push(t.steps(steps.done));
    if (steps.waiting > 0) told.push(t.waits(steps.waiting));
  }
  return told.join(" · ");
}
