import { describe, expect, it } from "vitest";
import type { LogLine } from "../api/types";
import { MOST_LINES, NO_LOGS, withLines } from "./logs";

const line = (seq: number): LogLine => ({
  seq,
  nodeId: null,
  at: "2026-11-23T00:00:00Z",
  level: "info",
  message: `${seq}`,
});
const lines = (...seqs: number[]) => seqs.map(line);
const seqs = ({ lines: found }: { lines: LogLine[] }) => found.map(({ seq }) => seq);

describe("log lines", () => {
  it("are in order and each once, whatever comes first", () => {
    const some = withLines(NO_LOGS, lines(3, 5, 9));
    expect(seqs(withLines(some, lines(10, 12)))).toEqual([3, 5, 9, 10, 12]);
    expect(seqs(withLines(some, lines(1, 3, 4, 9, 11)))).toEqual([1, 3, 4, 5, 9, 11]);
  });

  it("that are there already change nothing", () => {
    const some = withLines(NO_LOGS, lines(3, 5));
    expect(withLines(some, lines(3, 5))).toBe(some);
    expect(withLines(some, [])).toBe(some);
  });

  it("are kept up to a limit, and say that there are more", () => {
    const all = withLines(
      NO_LOGS,
      Array.from({ length: MOST_LINES + 5 }, (_, index) => line(index + 1)),
    );
    expect([all.lines.length, all.cut]).toEqual([MOST_LINES, true]);
    expect(withLines(all, lines(MOST_LINES + 9)).lines.at(-1)?.seq).toBe(MOST_LINES);
  });
});
