import type { WorkflowSummary } from "../../api/types";
import { strings } from "../../strings";

const t = strings.workflows;

/** How a workflow stands, in words, and whether something starts it: `none` where nothing of it is live. */
export interface Standing {
  text: string;
  tone: "on" | "off" | "none";
}

/** How a workflow stands: in production, or where nothing is live there, in the other environments. */
export function standingOf(
  { publishedVersion, enabled, elsewhere }: Pick<WorkflowSummary, "publishedVersion" | "enabled" | "elsewhere">,
  nameOf: (environment: string) => string,
): Standing {
  if (publishedVersion !== null) {
    return enabled
      ? { text: t.published(publishedVersion), tone: "on" }
      : { text: strings.organising.off, tone: "off" };
  }
  const on = elsewhere.filter((one) => one.enabled);
  const names = (on.length > 0 ? on : elsewhere).map(({ environment }) => nameOf(environment));
  if (names.length === 0) return { text: t.draft, tone: "none" };
  return on.length > 0 ? { text: t.liveIn(names), tone: "on" } : { text: t.offIn(names), tone: "off" };
}
