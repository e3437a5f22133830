import { describe, expect, it } from "vitest";
import { fieldAt, withField } from "./inserting";

describe("withField", () => {
  it("makes an expression of what is empty or no text, and goes on behind a text", () => {
    for (const empty of [undefined, null, "", "  ", "{{  }}", 3]) {
      expect(withField(empty, "$json.a")).toBe("{{ $json.a }}");
    }
    expect(withField("Dear ", "$json.name")).toBe("Dear {{ $json.name }}");
  });
});

describe("fieldAt", () => {
  it("adds braces only outside of braces", () => {
    expect(fieldAt("{{ 1 +  }}", 7, "$json.a")).toBe("$json.a");
    expect(fieldAt("{{ 1 }} and ", 12, "$json.a")).toBe("{{ $json.a }}");
    expect(fieldAt("", 0, "$json.a")).toBe("{{ $json.a }}");
  });
});
