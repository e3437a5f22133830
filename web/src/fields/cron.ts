/** Schedules as people choose them; what a line means is asked of the API, so that there is one answer. */

const RATE = /^rate\(\s*(\d+)\s+(minute|hour|day)s?\s*\)$/;

/** `15 minutes` of `rate(15 minutes)`; null for anything else. */
export function rateOf(expression: string): string | null {
  const match = RATE.exec(expression.trim());
  return match ? `${match[1]} ${match[2]}${match[1] === "1" ? "" : "s"}` : null;
}

export type RuleKind = "minutes" | "hours" | "days" | "weeks" | "months" | "once";

/** A schedule as its form has it. `time` is `HH:MM`, `weekdays` count from Sunday, 0; `day` is a number, `L` or `LW`. */
export interface Rule {
  kind: RuleKind;
  every: number;
  minute: number;
  time: string;
  weekdays: number[];
  day: string;
  at: string;
}

export const MOST_EVERY: Record<RuleKind, number> = {
  minutes: 9999,
  hours: 999,
  days: 999,
  weeks: 520,
  months: 120,
  once: 1,
};

const EMPTY: Rule = { kind: "days", every: 1, minute: 0, time: "09:00", weekdays: [1], day: "1", at: "" };
const NAMES = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const UNITS: Partial<Record<string, RuleKind>> = { day: "days", week: "weeks", month: "months" };

/** What a form begins with when somebody chooses another kind, with what it has of the one before. */
export function ruleOfKind(kind: RuleKind, before: Rule | null, now: Date): Rule {
  const rule = { ...EMPTY, ...before, kind };
  const every =
    kind === "minutes" && !before ? 15 : Math.min(before && before.kind === kind ? rule.every : 1, MOST_EVERY[kind]);
  return { ...rule, every: kind === "minutes" && every === 1 ? 15 : every, at: rule.at || tomorrow(now) };
}

/** The line of a form; null while something is missing. */
export function lineOf(rule: Rule): string | null {
  const { kind, every } = rule;
  if (!Number.isInteger(every) || every < 1 || every > MOST_EVERY[kind]) return null;
  if (kind === "minutes") {
    if (every === 1) return "* * * * *";
    return 60 % every === 0 && every < 60 ? `*/${every} * * * *` : `rate(${every} minutes)`;
  }
  if (kind === "hours") {
    if (every === 1) return `${rule.minute} * * * *`;
    return 24 % every === 0 && every < 24 ? `${rule.minute} */${every} * * *` : `rate(${every} hours)`;
  }
  if (kind === "once") return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(rule.at) ? `at(${rule.at})` : null;
  const match = /^(\d{2}):(\d{2})$/.exec(rule.time);
  if (!match) return null;
  const time = `${Number(match[2])} ${Number(match[1])}`;
  const turns = every === 1 ? "" : ` every ${every} ${kind}`;
  if (kind === "days") return `${time} * * *${turns}`;
  if (kind === "months") return `${time} ${rule.day} * *${turns}`;
  return rule.weekdays.length === 0 ? null : `${time} * * ${[...rule.weekdays].sort().join(",")}${turns}`;
}

/** The form of a line; null for one that has none, which is written by hand. */
export function ruleOf(line: string): Rule | null {
  const text = line.trim();
  const once = /^at\(\s*(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::00)?\s*\)$/i.exec(text);
  if (once) return { ...EMPTY, kind: "once", at: `${once[1]}T${once[2]}` };
  const rate = /^rate\(\s*(\d+)\s+(minute|hour)s?\s*\)$/.exec(text);
  if (rate) return { ...EMPTY, kind: rate[2] === "minute" ? "minutes" : "hours", every: Number(rate[1]) };
  const turns = /\s+every\s+(\d+)\s+(day|week|month)s?$/i.exec(text);
  const fields = (turns ? text.slice(0, turns.index) : text).split(/\s+/);
  const [minute = "", hour = "", day = "", month = "", weekday = ""] = fields;
  if (fields.length !== 5 || month !== "*") return null;
  const found = turns ? null : often(minute, hour, day, weekday);
  if (found) return found;
  if (!/^\d+$/.test(minute) || !/^\d+$/.test(hour)) return null;
  const time = `${hour.padStart(2, "0")}:${minute.padStart(2, "0")}`;
  const unit = turns ? UNITS[(turns[2] ?? "").toLowerCase()] : undefined;
  const rule = { ...EMPTY, time, every: Number(turns?.[1] ?? 1) };
  if (day === "*" && weekday === "*") return of(rule, "days", unit);
  if (weekday === "*" && /^([1-9]|[12]\d|3[01]|L|LW)$/i.test(day)) {
    return of({ ...rule, day: day.toUpperCase() }, "months", unit);
  }
  const weekdays = day === "*" ? daysOf(weekday) : null;
  return weekdays ? of({ ...rule, weekdays }, "weeks", unit) : null;
}

function often(minute: string, hour: string, day: string, weekday: string): Rule | null {
  if (day !== "*" || weekday !== "*") return null;
  const step = (field: string) => (field === "*" ? 1 : Number(/^\*\/(\d+)$/.exec(field)?.[1] ?? 0));
  if (hour === "*" && step(minute) > 0 && 60 % step(minute) === 0) {
    return { ...EMPTY, kind: "minutes", every: step(minute) };
  }
  if (!/^\d+$/.test(minute) || step(hour) === 0 || 24 % step(hour) !== 0) return null;
  return { ...EMPTY, kind: "hours", every: step(hour), minute: Number(minute) };
}

/** A form whose turns are of another unit than what it shows would say something else. */
const of = (rule: Rule, kind: RuleKind, unit: RuleKind | undefined): Rule | null =>
  unit === undefined || unit === kind ? { ...rule, kind } : null;

/** Weekdays of `1,3`, `MON-FRI`, `0-6`; null for what is no plain list of days. */
function daysOf(field: string): number[] | null {
  const found = new Set<number>();
  for (const part of field.split(",")) {
    const [first, last] = part.split("-").map(numberOf);
    if (first === undefined || first === null || last === null || part.split("-").length > 2) return null;
    const end = last ?? first;
    if (end < first) return null;
    for (let day = first; day <= end; day += 1) found.add(day % 7);
  }
  return [...found].sort();
}

function numberOf(word: string): number | null {
  const named = NAMES.indexOf(word.toUpperCase());
  if (named >= 0) return named;
  return /^[0-7]$/.test(word) ? Number(word) : null;
}

function tomorrow(now: Date): string {
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}T09:00`;
}
