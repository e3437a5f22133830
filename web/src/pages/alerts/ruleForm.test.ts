import { expect, test } from "vitest";
import { toldOf } from "./ruleForm";

test("a rule says with its numbers when it opens an alert", () => {
  expect(toldOf({ kind: "failure" })).toBe("An execution fails");
  expect(toldOf({ kind: "failures", count: 5, minutes: 15 })).toBe("5 fail within 15 minutes");
  expect(toldOf({ kind: "failure_rate", percent: 20, minutes: 60, atLeast: 5 })).toBe("20% fail within 1 hour");
  expect(toldOf({ kind: "duration", seconds: 90 })).toBe("One takes longer than 90 seconds");
  expect(toldOf({ kind: "no_success", minutes: 2880 })).toBe("None succeeds for 2 days");
  expect(toldOf({ kind: "budget", percent: 80 })).toBe("80% of a budget is spent");
  expect(toldOf({ kind: "credential", days: 1 })).toBe("A credential ends within a day");
});
