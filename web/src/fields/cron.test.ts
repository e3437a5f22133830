import { describe, expect, it } from "vitest";
import { lineOf, type Rule, ruleOf, ruleOfKind } from "./cron";

const NOW = new Date(2026, 10, 29, 18, 0);

describe("schedules as forms", () => {
  it.each([
    ["*/15 * * * *", { kind: "minutes", every: 15 }],
    ["* * * * *", { kind: "minutes", every: 1 }],
    ["rate(7 minutes)", { kind: "minutes", every: 7 }],
    ["30 * * * *", { kind: "hours", every: 1, minute: 30 }],
    ["5 */6 * * *", { kind: "hours", every: 6, minute: 5 }],
    ["rate(7 hours)", { kind: "hours", every: 7 }],
    ["0 7 * * *", { kind: "days", every: 1, time: "07:00" }],
    ["10 14 * * * every 3 days", { kind: "days", every: 3, time: "14:10" }],
    ["0 8 * * 1", { kind: "weeks", weekdays: [1], time: "08:00" }],
    ["0 8 * * 1,5 every 2 weeks", { kind: "weeks", weekdays: [1, 5], every: 2 }],
    ["0 9 1 * *", { kind: "months", day: "1" }],
    ["0 9 L * * every 3 months", { kind: "months", day: "L", every: 3 }],
    ["0 9 LW * *", { kind: "months", day: "LW" }],
    ["at(2026-12-24T09:00)", { kind: "once", at: "2026-12-24T09:00" }],
  ])("%s is a form, and the form is the line", (line, expected) => {
    const rule = ruleOf(line);
    expect(rule).toMatchObject(expected);
    expect(lineOf(rule as Rule)).toBe(line);
  });

  it("reads names and ranges of weekdays", () => {
    expect(ruleOf("0 9 * * MON-fri")?.weekdays).toEqual([1, 2, 3, 4, 5]);
    expect(ruleOf("0 9 * * 6-7")?.weekdays).toEqual([0, 6]);
  });

  it.each([
    "0 9 1 * 1",
    "0 9 * 1 *",
    "0 9 * * FRI#2",
    "0 9 * * FRIL",
    "0 9 15W * *",
    "0 9 * * FRI-MON",
    "*/7 * * * *",
    "0 9,18 * * *",
    "0 9 * * 1 every 2 days",
    "0 9 * * 1 every 2 weeks from 2026-12-07",
    "@daily",
    "rate(2 days)",
    "no line",
    "",
  ])("%s is written by hand", (line) => {
    expect(ruleOf(line)).toBeNull();
  });

  it.each([
    { kind: "weeks", weekdays: [] },
    { kind: "days", time: "" },
    { kind: "days", every: 0 },
    { kind: "days", every: Number.NaN },
    { kind: "minutes", every: 1.5 },
    { kind: "once", at: "" },
  ] as Partial<Rule>[])("%o is no line yet", (change) => {
    expect(lineOf({ ...(ruleOf("0 9 * * *") as Rule), ...change })).toBeNull();
  });

  it("begins another kind with what fits of the one before", () => {
    expect(lineOf(ruleOfKind("weeks", ruleOf("30 7 * * * every 3 days"), NOW))).toBe("30 7 * * 1");
    expect(lineOf(ruleOfKind("minutes", ruleOf("0 9 * * *"), NOW))).toBe("*/15 * * * *");
    expect(lineOf(ruleOfKind("once", null, NOW))).toBe("at(2026-11-30T09:00)");
  });
});
