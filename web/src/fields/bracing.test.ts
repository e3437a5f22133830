// @vitest-environment jsdom
import { EditorState } from "@codemirror/state";
import { EditorView, runScopeHandlers } from "@codemirror/view";
import { describe, expect, it } from "vitest";
import { bracing } from "./bracing";

function editor(doc = "", at = doc.length): EditorView {
  return new EditorView({ state: EditorState.create({ doc, selection: { anchor: at }, extensions: bracing }) });
}

/** Types as a keyboard does: each character on its own, in the order of the handlers. */
function type(view: EditorView, text: string): string {
  for (const char of text) {
    const { from, to } = view.state.selection.main;
    const insert = () => view.state.update({ ...view.state.replaceSelection(char), userEvent: "input.type" });
    const isTaken = view.state.facet(EditorView.inputHandler).some((handler) => handler(view, from, to, char, insert));
    if (!isTaken) view.dispatch(insert());
  }
  return view.state.doc.toString();
}

describe("what is typed", () => {
  it.each([
    "Hello {{ $json.name }}",
    "{{$json.a}}{{ $json.b }} and {{ $json.c }}.",
    '{{ $json["first name"].split(" ")[0] }}',
    "{{ {a: {b: 1}}.a }} x",
    "{{ [1, 2].map((n) => ({ n })) }}",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is an expression's.
    "{{ `a ${$json.b} c` }}",
    "{{ $('Fetch').item.json.id }}'s",
    '{"to": {{ $json.a }}, "cc": "{{ $json.b }}"}',
    'it\'s {a} "b" (c [d',
    "{",
    "{ {",
    "}} {{ 1 }} }}",
    "{{{ 1 }}}",
    "a {{ 'it\\'s' }} b",
    "日本 {{ $json.名 }} 😀",
  ])("is what stands there: %s", (text) => {
    expect(type(editor(), text)).toBe(text);
    expect(type(editor("before ", 7), text)).toBe(`before ${text}`);
    expect(type(editor(" after", 0), text)).toBe(`${text} after`);
  });

  it("gets its closing braces where nobody types them", () => {
    const view = editor();
    expect(type(view, "Hello {{ $json.name ")).toBe("Hello {{ $json.name }}");
    expect(type(editor("{$json.a}", 1), "{")).toBe("{{$json.a}");
    expect(type(editor("{ 1 }}", 1), "{")).toBe("{{}} 1 }}");
  });

  it("goes with the braces that came with it", () => {
    const view = editor();
    type(view, "a {{");
    expect(view.state.doc.toString()).toBe("a {{}}");
    runScopeHandlers(view, new KeyboardEvent("keydown", { key: "Backspace", keyCode: 8 }), "editor");
    expect(view.state.doc.toString()).toBe("a {");
  });
});
