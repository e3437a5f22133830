import { describe, expect, it } from "vitest";
import table from "../../../../tests/contract/chat-answers.json";
import { answerOf } from "./answers";

describe("the answer of a chat", () => {
  it.each(table.cases)("$field of $outputs is $answer", ({ field, outputs, answer }) => {
    expect(
      answerOf(
        outputs.map((output) => [output as Record<string, unknown>]),
        field,
      ),
    ).toBe(answer);
  });
});
