import { describe, expect, it } from "vitest";
import { fieldAt, fieldInJson, itemPath, type TextChange, withField } from "./inserting";

const applied = (text: string, { from, to, insert }: TextChange) => text.slice(0, from) + insert + text.slice(to);
/** The place is where the bar stands. */
const put = (text: string, placing = fieldAt, path = "$json.a") => {
  const at = text.indexOf("|");
  const without = text.replace("|", "");
  return applied(without, placing(without, at, path));
};

describe("withField", () => {
  it("makes an expression of what is empty or no text, and goes on behind a text", () => {
    for (const empty of [undefined, null, "", "  ", "{{  }}", 3]) {
      expect(withField(empty, "$json.a")).toBe("{{ $json.a }}");
    }
    expect(withField("Dear ", "$json.name")).toBe("Dear {{ $json.name }}");
  });
});

describe("fieldAt", () => {
  it.each([
    ["|", "{{ $json.a }}"],
    ["{{ | }}", "{{ $json.a }}"],
    ["{{ 1 + | }}", "{{ 1 + $json.a }}"],
    ["{{ 1 }} and |", "{{ 1 }} and {{ $json.a }}"],
    ["Dear |, hello", "Dear {{ $json.a }}, hello"],
    ["Dear {{ | }}!", "Dear {{ $json.a }}!"],
    ["{{ $if(|) }}", "{{ $if($json.a) }}"],
    // Between braces that belong together.
    ["{|{ 1 + 1 }}", "{{ $json.a }}{{ 1 + 1 }}"],
    ["{{ 1 + 1 }|} x", "{{ 1 + 1 }}{{ $json.a }} x"],
    // Within a word it would break it.
    ["{{ $js|on.b }} c", "{{ $json.b }}{{ $json.a }} c"],
    ["{{ $json.b| }} c", "{{ $json.b }}{{ $json.a }} c"],
  ])("puts a field into %j", (text, result) => {
    expect(put(text)).toBe(result);
  });
});

describe("fieldInJson", () => {
  it.each([
    ["|", "{{ $json.a }}"],
    ['{"to": |}', '{"to": "{{ $json.a }}"}'],
    ['{"to": "|"}', '{"to": "{{ $json.a }}"}'],
    ['{"to": "Dear |!"}', '{"to": "Dear {{ $json.a }}!"}'],
    ['{"q\\"": "|"}', '{"q\\"": "{{ $json.a }}"}'],
    ['{"n": {{ 1 + | }}}', '{"n": {{ 1 + $json.a }}}'],
  ])("puts a field into %j, which stays JSON", (text, result) => {
    expect(put(text, fieldInJson)).toBe(result);
  });

  it("escapes quotes within a string", () => {
    const text = put('{"to": "|"}', fieldInJson, '$json["first name"]');
    expect(JSON.parse(text)).toEqual({ to: '{{ $json["first name"] }}' });
  });
});

describe("itemPath", () => {
  it.each([
    ["$json.customer.name", "customer.name"],
    ["$json.items[0].id", "items[0].id"],
    ['$json["first name"]', '["first name"]'],
    ["$('Get (all)').item.json.id", "id"],
    ["$now", "$now"],
  ])("of %s is %s", (path, result) => {
    expect(itemPath(path)).toBe(result);
  });
});
