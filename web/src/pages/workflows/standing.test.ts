import { expect, test } from "vitest";
import { standingOf } from "./standing";

const names: Record<string, string> = { qa: "QA", staging: "Staging", pre: "Pre" };
const said = (publishedVersion: number | null, enabled: boolean, ...where: [string, boolean][]) => {
  const elsewhere = where.map(([environment, on]) => ({ environment, version: 1, enabled: on }));
  return standingOf({ publishedVersion, enabled, elsewhere }, (key) => names[key] ?? key);
};

test("a workflow is said to be live where it is, and a draft where it is live nowhere", () => {
  expect(said(null, true)).toEqual({ text: "Draft", tone: "none" });
  expect(said(3, true, ["staging", true])).toEqual({ text: "Live · v3", tone: "on" });
  expect(said(3, false, ["staging", true])).toEqual({ text: "Switched off", tone: "off" });
  expect(said(null, true, ["staging", true])).toEqual({ text: "Live in Staging", tone: "on" });
  expect(said(null, true, ["qa", true], ["staging", false])).toEqual({ text: "Live in QA", tone: "on" });
  expect(said(null, true, ["qa", true], ["staging", true])).toEqual({ text: "Live in QA and Staging", tone: "on" });
  expect(said(null, true, ["qa", true], ["staging", true], ["pre", true]).text).toBe("Live in 3 environments");
  expect(said(null, true, ["staging", false])).toEqual({ text: "Off in Staging", tone: "off" });
});
