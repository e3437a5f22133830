import { describe, expect, it } from "vitest";
import { timeIn } from "./time";

describe("a time on the clocks of a zone", () => {
  it.each([
    ["2027-01-04T08:00:00Z", "Europe/Berlin", "Mon, Jan 4, 2027, 9:00 AM", "GMT+1"],
    ["2027-07-05T07:00:00Z", "Europe/Berlin", "Mon, Jul 5, 2027, 9:00 AM", "GMT+2"],
    ["2027-01-04T08:00:00Z", "UTC", "Mon, Jan 4, 2027, 8:00 AM", "GMT+0"],
    ["2027-01-04T08:00:00Z", "Asia/Kathmandu", "Mon, Jan 4, 2027, 1:45 PM", "GMT+5:45"],
  ])("%s in %s is %s", (iso, zone, text, offset) => {
    expect(timeIn(iso, zone)).toEqual({ text, offset });
  });

  it("is one here where the zone is none", () => {
    expect(timeIn("2027-01-04T08:00:00Z", "Atlantis/Capital").offset).toBe("");
  });
});
