import { describe, expect, it } from "vitest";
import { binLabel, binTitle, csvOf, dollars, moved, spared } from "./figures";
import { askedIn } from "./useAsked";

const asked = (text: string) => askedIn(new URLSearchParams(text), "Europe/Berlin");

describe("what an address asks for", () => {
  it("is the last week on this browser's clocks where it says nothing", () => {
    expect(asked("")).toEqual({ range: "7d", zone: "Europe/Berlin", bin: "auto" });
  });

  it("keeps what it says", () => {
    const id = "0b8f3c1e-6f3f-4a39-9c1f-4a1d3c5b7e90";
    expect(
      asked(`from=2026-11-01&to=2026-11-30&zone=Asia/Kolkata&bin=hour&workflow=${id}&node=a-1&version=3&trigger=form`),
    ).toEqual({
      from: "2026-11-01",
      to: "2026-11-30",
      zone: "Asia/Kolkata",
      bin: "hour",
      workflowId: id,
      nodeId: "a-1",
      version: 3,
      trigger: "form",
    });
  });

  it.each(["range=9y", "from=yesterday", "workflow=1", "node=a", "version=0", "version=x", "trigger=%27--", "bin=era"])(
    "leaves out %s",
    (text) => {
      expect(asked(text)).toEqual({ range: "7d", zone: "Europe/Berlin", bin: "auto" });
    },
  );
});

describe("a file", () => {
  it("quotes, and keeps spreadsheets from taking words for formulas", () => {
    const rows = [["a,b", 'say "x"', "=1+1", "@sum", "-cmd", "-12.5", -3, null, "ä\nb"]];
    expect(csvOf(rows)).toBe(`\ufeff"a,b","say ""x""",'=1+1,'@sum,'-cmd,-12.5,-3,,"ä\nb"\r\n`);
  });
});

describe("figures", () => {
  it("move by their share, or by points", () => {
    expect(moved(150, 100)).toEqual({ words: "up 50%", by: 0.5 });
    expect(moved(0.02, 0.05, true)?.words).toBe("down 3 points");
    expect(moved(5, 5)?.words).toBe("as before");
    expect(moved(5, 0)).toBeNull();
    expect(moved(null, 5)).toBeNull();
  });

  it("are money and time", () => {
    expect([dollars("0"), dollars("12.3"), dollars("0.000045")]).toEqual(["$0", "$12.30", "$0.000045"]);
    expect([spared(7.5), spared(150)]).toEqual(["7.5 min", "2.5 h"]);
  });

  it("stand at their zone's time", () => {
    expect(binLabel("2026-11-02T18:30:00Z", "day", "Asia/Kolkata")).toBe("Nov 3");
    expect(binTitle("2026-10-25T00:00:00Z", "hour", "Europe/Berlin")).toContain("02:00 GMT+2");
    expect(binTitle("2026-10-25T01:00:00Z", "hour", "Europe/Berlin")).toContain("02:00 GMT+1");
  });
});
