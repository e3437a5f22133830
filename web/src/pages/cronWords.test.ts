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
    ["no line", "no line"],
  ])("%s", (line, words) => {
    expect(cronWords(line)).toBe(words);
  });
});
