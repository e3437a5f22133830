/** Log lines of a run, in the order of their numbers, from two sources: the API's pages and the live events. Pure. */

import type { LogLine } from "../api/types";

/** So many lines of a run are kept in the browser; 50,000 of 200 characters are some 20 MB. */
export const MOST_LINES = 50_000;

export interface Logs {
  lines: LogLine[];
  /** Whether there are more lines than are kept. */
  cut: boolean;
}

export const NO_LOGS: Logs = { lines: [], cut: false };

/** Adds lines, in order of their numbers; those that are there already change nothing. */
export function withLines(logs: Logs, more: readonly LogLine[]): Logs {
  if (more.length === 0) return logs;
  const last = logs.lines.at(-1)?.seq ?? 0;
  const lines = (more[0]?.seq ?? 0) > last ? [...logs.lines, ...more] : merged(logs.lines, more);
  if (lines.length === logs.lines.length) return logs;
  return lines.length > MOST_LINES ? { lines: lines.slice(0, MOST_LINES), cut: true } : { lines, cut: logs.cut };
}

function merged(one: readonly LogLine[], other: readonly LogLine[]): LogLine[] {
  const lines: LogLine[] = [];
  let here = 0;
  let there = 0;
  for (;;) {
    const first = one[here];
    const second = other[there];
    if (!first || !second) return [...lines, ...one.slice(here), ...other.slice(there)];
    if (first.seq <= second.seq) here += 1;
    if (second.seq <= first.seq) there += 1;
    lines.push(first.seq <= second.seq ? first : second);
  }
}
