import { describe, expect, it } from "vitest";
import { cronWords } from "./cronWords";

describe("schedules in words", () => {
  it.each([
    ["0 9 * * 1-5", "At 09:00, Monday through Friday"],
    ["0 0 */1 * 1", "At 00:00, only on Monday"],
    ["0 9 * * FRI-MON", "At 09:00, Friday through Monday"],
    ["0 9 * * */3", "At 09:00, only on Sunday, Wednesday, and Saturday"],
    ["@daily", "At 00:00"],
    ["rate(90 minutes)", "Every 90 minutes"],
    ["0 0 1 * 1", "At 00:00, on day 1 of the month or on Monday"],
    ["0 0 1 2 1", "At 00:00, on day 1 of the month or on Monday, only in February"],
    ["0 0 */2 * 1", "At 00:00, every 2 days in a month, but only on Monday"],
    ["0 0 1 * */2", "At 00:00, on day 1 of the month, but only on Sunday, Tuesday, Thursday, and Saturday"],
    ["0 9 L * *", "At 09:00, on the last day of the month"],
    ["0 9 * * FRI#2", "At 09:00, on the second Friday of the month"],
    ["0 9 * * 1 every 2 weeks from 2026-12-07", "At 09:00, only on Monday, every 2 weeks from 2026-12-07"],
    ["at(2026-12-24T09:00)", "Once, 2026-12-24 09:00"],
    ["rate(90 minutes)\n0 9 LW * *", "Every 90 minutes; At 09:00, on the last weekday of the month"],
    ["no line", "no line"],
  ])("%s", (line, words) => {
    expect(cronWords(line)).toBe(words);
  });
});
