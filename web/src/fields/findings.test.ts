import { expect, it } from "vitest";
import type { Diagnostic } from "../graph/document";
import { said } from "./findings";

const found = (message: string, remedy: string): Diagnostic => ({ code: "c", severity: "error", message, remedy });

it.each([
  [
    ["'Node': unexpected token in expression: '*'", "Correct the expression."],
    "Unexpected token in expression: '*'. Correct the expression.",
  ],
  [['"It\'s": expecting field name', ""], "Expecting field name."],
  [["URL is missing.", "Fill it in."], "URL is missing. Fill it in."],
  [["'quoted' is no number", ""], "'quoted' is no number."],
])("%j", ([message = "", remedy = ""], expected) => {
  expect(said([found(message, remedy)])).toBe(expected);
});

it("says the same once", () => {
  const one = found("'A': no", "Mend it.");
  expect(said([one, one, found("'A': other", "Mend it.")])).toBe("No. Mend it. Other.");
  expect(said([])).toBe("");
});

it("does not name the field that is empty, which it stands below", () => {
  const missing = { ...found("'A': needs 'Title'.", "Fill in 'Title'."), code: "missing_parameter" };
  expect(said([missing, found("'A': other", "")])).toBe("This is needed. Other.");
});
