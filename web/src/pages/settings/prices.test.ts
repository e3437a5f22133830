// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { strings } from "../../strings";
import { problemsOf } from "./PriceDialog";
import { dollars } from "./PricesPage";

const t = strings.prices;
const NONE = { input: "", cached: "", output: "", audio: "", minute: "" };

describe("problemsOf", () => {
  it("takes decimal numbers, also 0, with spaces around them", () => {
    expect(problemsOf({ ...NONE, input: " 2.5 ", output: "10" })).toEqual({});
    expect(problemsOf({ ...NONE, input: "0" })).toEqual({});
    expect(problemsOf({ ...NONE, minute: "0.006" })).toEqual({});
  });

  it("names each rate that is no number", () => {
    for (const wrong of ["2,5", "-1", "1e3", "free", "12345678", "."]) {
      expect(problemsOf({ ...NONE, input: "1", output: wrong })).toEqual({ output: t.wrongRate });
    }
  });

  it("wants a price of input or of a minute", () => {
    expect(problemsOf(NONE)).toEqual({ input: t.neededRate });
    expect(problemsOf({ ...NONE, output: "1" })).toEqual({ input: t.neededRate });
  });
});

describe("dollars", () => {
  it("has two decimal places, or as many as there are", () => {
    expect(["2", "2.5", "0.075", "0"].map(dollars)).toEqual(["$2.00", "$2.50", "$0.075", "$0.00"]);
  });
});
