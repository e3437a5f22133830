import { expect, it } from "vitest";
import { stepAfter, stepsFor } from "./steps";

const wide = stepsFor(false);
const at = (id: string) => wide.findIndex((step) => step.id === id);
const nothing = { selected: false, started: false };

it("waits where something must be done, and goes on once it is", () => {
  expect(stepAfter(wide, at("select"), nothing)).toBe(at("select"));
  expect(stepAfter(wide, at("select"), { ...nothing, selected: true })).toBe(at("inspector"));
  expect(stepAfter(wide, at("inspector"), { ...nothing, selected: true })).toBe(at("inspector"));
  expect(stepAfter(wide, at("run"), nothing)).toBe(at("run"));
});

it("follows somebody who runs at once", () => {
  expect(stepAfter(wide, 0, { selected: false, started: true })).toBe(at("watch"));
});

it("leaves out on a narrow screen what would be covered", () => {
  expect(stepsFor(true).map(({ id }) => id)).toEqual(["canvas", "palette", "run", "watch"]);
});
