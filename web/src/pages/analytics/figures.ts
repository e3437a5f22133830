/** Figures as people read them, and as a file. Pure. */

import type { Figures, Point } from "../../api/analytics";
import { strings } from "../../strings";
import { duration, number } from "../../ui/time";

const t = strings.analytics;
const PERCENT = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });
const POINTS = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const SMALL = 0.01;

export const bad = ({ failed, timedOut }: Figures) => failed + timedOut;

export const percent = (share: number | null) => (share === null ? "–" : PERCENT.format(share));

/** `$12.30`; of less than a cent what is left of it. */
export function dollars(text: string): string {
  const value = Number(text);
  if (value === 0) return "$0";
  const digits = value < SMALL ? 6 : 2;
  return new Intl.NumberFormat("en", { style: "currency", currency: "USD", maximumFractionDigits: digits }).format(
    value,
  );
}

/** `45 min`, `12.5 h`. */
export function spared(minutes: number): string {
  return minutes < 120 ? t.mins(POINTS.format(minutes)) : t.hours(POINTS.format(minutes / 60));
}

export const took = (ms: number | null) => (ms === null ? "–" : duration(ms));

/** How a figure moved: by its share, or by points of a percentage. */
export function moved(
  now: number | null,
  before: number | null,
  inPoints = false,
): { words: string; by: number } | null {
  if (now === null || before === null) return null;
  const by = inPoints ? (now - before) * 100 : before === 0 ? null : now / before - 1;
  if (by === null) return null;
  const shown = inPoints ? t.points(POINTS.format(Math.abs(by))) : PERCENT.format(Math.abs(by));
  if (Math.abs(by) < (inPoints ? 0.05 : 0.0005)) return { words: t.same, by: 0 };
  return { words: by > 0 ? t.up(shown) : t.down(shown), by };
}

/** When a bin begins, on the clocks of its zone, as short as its length lets. */
export function binLabel(since: string, bin: string, zone: string): string {
  const day = { day: "numeric", month: "short" } as const;
  const parts: Intl.DateTimeFormatOptions =
    bin === "hour"
      ? { ...day, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }
      : bin === "month"
        ? { month: "short", year: "numeric" }
        : day;
  return new Intl.DateTimeFormat("en", { ...parts, timeZone: zone }).format(new Date(since));
}

/** A moment on the clocks of a zone with what these are from UTC, so that the hour that comes twice is told apart. */
export function binTitle(since: string, bin: string, zone: string): string {
  const clock =
    bin === "hour"
      ? ({ hour: "2-digit", minute: "2-digit", timeZoneName: "shortOffset", hourCycle: "h23" } as const)
      : {};
  const day = { weekday: "short", day: "numeric", month: "short", year: "numeric" } as const;
  return new Intl.DateTimeFormat("en", { ...day, ...clock, timeZone: zone }).format(new Date(since));
}

type Cell = string | number | null | undefined;

/** Rows as CSV (RFC 4180). A text that a spreadsheet would take for a formula stands behind an apostrophe. */
export function csvOf(rows: readonly (readonly Cell[])[]): string {
  return `\ufeff${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

function cell(value: Cell): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) && !/^-?\d+(\.\d+)?$/.test(value) ? `'${value}` : value;
  return /[",\r\n;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export const FIGURES = [
  "runs",
  "succeeded",
  "failed",
  "timedOut",
  "cancelled",
  "failureRate",
  "meanMs",
  "p50Ms",
  "p95Ms",
  "p99Ms",
  "waitMs",
  "items",
  "retries",
  "requests",
  "tokens",
  "money",
  "savedMinutes",
] as const satisfies readonly (keyof Figures)[];

/** The points of a chart as a file. */
export function pointsCsv(points: readonly Point[]): string {
  const rows = points.map(({ since, until, figures }) => [since, until, ...FIGURES.map((name) => figures[name])]);
  return csvOf([["since", "until", ...FIGURES], ...rows]);
}

export const runsOf = (figures: Figures) => number(figures.runs);
