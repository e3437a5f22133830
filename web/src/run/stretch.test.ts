import { describe, expect, it } from "vitest";
import { moved, place, WHOLE, zoomed } from "./stretch";

describe("the stretch of a timeline", () => {
  it("narrows about its middle and widens to the whole", () => {
    expect(zoomed(WHOLE, 2)).toEqual({ from: 0.25, length: 0.5 });
    expect(zoomed(zoomed(moved(zoomed(WHOLE, 2), 1), 0.5), 0.5)).toEqual(WHOLE);
  });

  it("stays within the run", () => {
    expect(moved(WHOLE, 0.5)).toEqual(WHOLE);
    expect(moved({ from: 0.5, length: 0.25 }, 9)).toEqual({ from: 0.75, length: 0.25 });
    expect(moved({ from: 0.5, length: 0.25 }, -9)).toEqual({ from: 0, length: 0.25 });
  });

  it("places bars", () => {
    expect(place(0.5, 0.25, WHOLE)).toEqual({ left: "50%", width: "25%" });
    expect(place(0.5, 0.25, { from: 0.5, length: 0.5 })).toEqual({ left: "0%", width: "50%" });
  });
});
