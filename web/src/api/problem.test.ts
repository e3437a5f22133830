import { describe, expect, it } from "vitest";
import source from "../../../api/codes.py?raw";
import { strings } from "../strings";
import { ApiError } from "./problem";

describe("a refusal of the API", () => {
  it("has words of this app, for every code that there is", () => {
    const codes = [...source.matchAll(/\bCode\(\s*"([a-z_]+)"/g)].map(([, code]) => code);
    expect(codes).toContain("publishing");
    expect(Object.keys(strings.problems).sort()).toEqual(codes.sort());
  });

  it("is called by its code, and by what the API calls it where the code is newer than the app", () => {
    const body = { title: "Conflict", code: "publishing", detail: "Try again in a moment." };
    expect(new ApiError("problem", 409, body)).toMatchObject({
      title: "Somebody else is publishing",
      detail: "Try again in a moment.",
    });
    expect(new ApiError("problem", 409, { ...body, code: "from_the_future" }).title).toBe("Conflict");
    expect(new ApiError("problem", 409, { ...body, code: "constructor" }).title).toBe("Conflict");
    expect(new ApiError("problem", 503, { code: 7 }).title).toBe("Stepweave had a problem");
  });
});
