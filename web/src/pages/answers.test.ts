import { describe, expect, it } from "vitest";
import type { ApprovalField } from "../api/types";
import { emptyAnswers, problems, toSend } from "./answers";

const field = (name: string, type: ApprovalField["type"], required = false): ApprovalField => ({
  name,
  label: name,
  type,
  required,
  options: null,
});
const FORM = [field("why", "text", true), field("amount", "number", true), field("sure", "boolean", true)];

describe("answers to an approval", () => {
  it("begin empty, and who approves must give those that are required", () => {
    const answers = emptyAnswers(FORM);
    expect(answers).toEqual({ why: "", amount: "", sure: false });
    expect(Object.keys(problems(FORM, answers, true))).toEqual(["why", "amount"]);
    expect(problems(FORM, answers, false)).toEqual({});
  });

  it("are numbers where numbers are asked for", () => {
    expect(Object.keys(problems(FORM, { why: "x", amount: "two", sure: true }, false))).toEqual(["amount"]);
    expect(toSend(FORM, { why: "x", amount: " 2.5 ", sure: true })).toEqual({ why: "x", amount: 2.5, sure: true });
  });

  it("leave out what was left empty", () => {
    expect(toSend(FORM, { why: "  ", amount: "", sure: false })).toEqual({ sure: false });
  });
});
