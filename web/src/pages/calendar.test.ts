import { describe, expect, it } from "vitest";
import { byDay, keyOf, weeksOf } from "./calendar";

describe("weeksOf", () => {
  it("holds every day of the month in whole weeks from Monday", () => {
    for (let month = 0; month < 24; month += 1) {
      const weeks = weeksOf(new Date(2026, month, 15));
      const days = weeks.flat();
      expect(weeks.every((week) => week.length === 7 && week[0]?.date.getDay() === 1)).toBe(true);
      const length = new Date(2026, month + 1, 0).getDate();
      expect(days.filter(({ inMonth }) => inMonth)).toHaveLength(length);
      expect(new Set(days.map(({ key }) => key)).size).toBe(days.length);
    }
  });
});

describe("byDay", () => {
  it("sorts the fires of all schedules into days", () => {
    const noon = new Date(2026, 10, 23, 12);
    const evening = new Date(2026, 10, 23, 20);
    const days = byDay([
      { scheduleId: "a", at: [evening.toISOString()] },
      { scheduleId: "b", at: [noon.toISOString(), new Date(2026, 10, 24, 1).toISOString()] },
    ]);
    expect([...days.keys()]).toEqual(["2026-11-23", "2026-11-24"]);
    expect(days.get(keyOf(noon))?.map(({ scheduleId }) => scheduleId)).toEqual(["b", "a"]);
  });
});
