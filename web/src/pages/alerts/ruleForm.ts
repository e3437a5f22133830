/** A rule as its form has it. Pure. */

import type { Condition, Rule, RuleRequest, Target } from "../../api/alerts";
import { strings } from "../../strings";

export type Kind = Condition["kind"];
/** The numbers of each kind, and what they begin with. */
export const NUMBERS: Record<Kind, Record<string, number>> = {
  failure: {},
  failures: { count: 5, minutes: 15 },
  failure_rate: { percent: 20, minutes: 60, atLeast: 5 },
  duration: { seconds: 600 },
  no_success: { minutes: 1440 },
  budget: { percent: 80 },
  credential: { days: 14 },
};

const UNITS: readonly [unit: string, seconds: number][] = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

export interface Draft {
  name: string;
  kind: Kind;
  numbers: Record<string, string>;
  /** `""` everywhere, else `project:` or `workflow:` and an id. */
  place: string;
  byFault: boolean;
  enabled: boolean;
  throttle: string;
  remind: string;
  targets: Target[];
}

export const numbersOf = (kind: Kind): Record<string, string> =>
  Object.fromEntries(Object.entries(NUMBERS[kind]).map(([name, value]) => [name, String(value)]));

/** The form's beginning: a rule, or a new one for whoever makes it. */
export function draftOf(rule: Rule | undefined, me: string): Draft {
  if (!rule) {
    return {
      name: "",
      kind: "failure",
      numbers: {},
      place: "",
      byFault: false,
      enabled: true,
      throttle: "30",
      remind: "0",
      targets: me ? [{ kind: "mail", userIds: [me] }] : [],
    };
  }
  const { kind, ...rest } = rule.condition;
  return {
    name: rule.name,
    kind,
    numbers: Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, String(value)])),
    place: rule.workflowId ? `workflow:${rule.workflowId}` : rule.projectId ? `project:${rule.projectId}` : "",
    byFault: rule.byFault,
    enabled: rule.enabled,
    throttle: String(rule.throttleMinutes),
    remind: String(rule.remindMinutes),
    targets: rule.targets.map(({ id, kind, userIds, workflowId }): Target => {
      if (kind === "mail") return { kind, id, userIds };
      if (kind === "workflow") return { kind, id, workflowId: workflowId ?? "" };
      return { kind, id };
    }),
  };
}

/** What is sent. What is no number is sent as 0, which the API names. */
export function bodyOf(draft: Draft): RuleRequest {
  const numbers = Object.fromEntries(
    Object.keys(NUMBERS[draft.kind]).map((name) => [name, Number(draft.numbers[name]) || 0]),
  );
  const [kind, id] = draft.place.split(":");
  return {
    name: draft.name.trim(),
    condition: { kind: draft.kind, ...numbers } as Condition,
    projectId: kind === "project" ? (id ?? null) : null,
    workflowId: kind === "workflow" ? (id ?? null) : null,
    byFault: draft.byFault,
    enabled: draft.enabled,
    throttleMinutes: Number(draft.throttle) || 0,
    remindMinutes: Number(draft.remind) || 0,
    targets: draft.targets.map((target) => {
      if (target.kind !== "slack" && target.kind !== "webhook") return target;
      return Object.fromEntries(Object.entries(target).filter(([, value]) => value !== "")) as Target;
    }),
  };
}

/** A time as it was given: in the largest unit that it is whole in. */
function timeOf(seconds: number): string {
  const [unit, size] = UNITS.find(([, one]) => seconds % one === 0) ?? ["second", 1];
  return new Intl.NumberFormat("en", { style: "unit", unit, unitDisplay: "long" }).format(seconds / size);
}

/** When a rule opens an alert, with its numbers. */
export function toldOf(condition: Condition): string {
  switch (condition.kind) {
    case "failures":
      return strings.alerts.told.failures(condition.count, timeOf(condition.minutes * 60));
    case "failure_rate":
      return strings.alerts.told.failureRate(condition.percent, timeOf(condition.minutes * 60));
    case "duration":
      return strings.alerts.told.duration(timeOf(condition.seconds));
    case "no_success":
      return strings.alerts.told.noSuccess(timeOf(condition.minutes * 60));
    case "budget":
      return strings.alerts.told.budget(condition.percent);
    case "credential":
      return strings.alerts.told.credential(condition.days);
    default:
      return strings.alerts.kinds[condition.kind] ?? condition.kind;
  }
}
