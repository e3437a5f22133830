// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Tooltip } from "radix-ui";
import { useState } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { findType } from "../graph/catalogue";
import type { Diagnostic, Params } from "../graph/document";
import { catalogue } from "../testing/catalogue";
import { Markdown } from "../ui/Markdown";
import { ParamsForm } from "./ParamsForm";

beforeEach(() => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no network")));
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function Form({ type, initial, seen, diagnostics }: FormProps) {
  const [params, setParams] = useState(initial);
  const schema = findType(catalogue, type, 1)?.paramsSchema ?? {};
  return (
    <ParamsForm
      schema={schema}
      params={params}
      base="params"
      diagnostics={diagnostics ?? new Map()}
      onChange={(name, value) => {
        const next = { ...params, [name]: value };
        setParams(next);
        seen(next);
      }}
    />
  );
}

interface FormProps {
  type: string;
  initial: Params;
  seen(params: Params): void;
  diagnostics?: ReadonlyMap<string, Diagnostic[]>;
}

function show(type: string, initial: Params = {}, diagnostics?: ReadonlyMap<string, Diagnostic[]>) {
  const seen = vi.fn<(params: Params) => void>();
  render(
    <QueryClientProvider client={new QueryClient()}>
      <Tooltip.Provider>
        <Form type={type} initial={initial} seen={seen} {...(diagnostics ? { diagnostics } : {})} />
      </Tooltip.Provider>
    </QueryClientProvider>,
  );
  return { user: userEvent.setup(), last: () => seen.mock.calls.at(-1)?.[0] };
}

describe("several choices", () => {
  it("are a list in the options' order, and what is none of them can be taken out", async () => {
    const { user, last } = show("webhook_trigger", { path: "a", moreMethods: ["TRACE"] });
    const group = screen.getByRole("group", { name: "Other methods" });
    await user.click(within(group).getByRole("checkbox", { name: "PUT" }));
    await user.click(within(group).getByRole("checkbox", { name: "GET" }));
    expect(last()?.moreMethods).toEqual(["GET", "PUT", "TRACE"]);
    await user.click(within(group).getByRole("checkbox", { name: "TRACE" }));
    await user.click(within(group).getByRole("checkbox", { name: "PUT" }));
    expect(last()?.moreMethods).toEqual(["GET"]);
  });
});

describe("the form", () => {
  it.each(catalogue.nodes.map(({ type }) => type))("of %s draws every field that is not an option", (type) => {
    const { paramsSchema } = findType(catalogue, type, 1) ?? {};
    expect(() => show(type)).not.toThrow();
    for (const schema of Object.values(paramsSchema?.properties ?? {})) {
      const ui = schema["x-ui"];
      if (!ui || ui.group || ui.showWhen) continue;
      expect(screen.getAllByText(schema.title ?? "", { exact: false }).length).toBeGreaterThan(0);
    }
  });

  it("shows what hangs on another field only when it is asked for", () => {
    show("database", { operation: "query" });
    expect(screen.queryByLabelText(/^Table/)).toBeNull();
    cleanup();
    show("database", { operation: "insert" });
    expect(screen.getByLabelText(/^Table/)).toBeInTheDocument();
  });

  it("adds, fills in and removes rows", async () => {
    const { user, last } = show("http_request", { url: "https://x.dev" });
    await user.click(screen.getByRole("button", { name: "Add to Headers" }));
    await user.type(screen.getByRole("textbox", { name: "Name, Headers 1" }), "X-Id");
    await user.type(screen.getByRole("textbox", { name: "Value, Headers 1" }), "7");
    expect(last()?.headers).toEqual([{ name: "X-Id", value: "7" }]);
    await user.click(screen.getByRole("button", { name: "Remove row 1" }));
    expect(last()?.headers).toEqual([]);
  });

  it("adds a rule with an output of its own and a condition to fill in", async () => {
    const { user, last } = show("switch", { rules: [{ output: "output1", conditions: [] }] });
    await user.click(screen.getByRole("button", { name: "Add to Rules" }));
    expect(last()?.rules).toEqual([
      { output: "output1", conditions: [] },
      { output: "output2", combine: "and", conditions: [{ left: "", type: "text", operator: "equals", right: "" }] },
    ]);
    const rule = within(screen.getByRole("group", { name: "Rules 2" }));
    await user.type(rule.getByRole("textbox", { name: "Compare with" }), "vip");
    await user.click(rule.getByRole("button", { name: "Add condition" }));
    expect(rule.getAllByRole("group", { name: /^Condition/ })).toHaveLength(2);
    await user.click(rule.getByRole("button", { name: "Remove condition 2" }));
    await user.click(screen.getByRole("button", { name: "Move row 2 up" }));
    expect(last()?.rules).toEqual([
      { output: "output2", combine: "and", conditions: [{ left: "", type: "text", operator: "equals", right: "vip" }] },
      { output: "output1", conditions: [] },
    ]);
  });

  it("renames an output when one leaves the field, and keeps the name it had instead of none", async () => {
    const { user, last } = show("switch", { rules: [{ output: "silver", conditions: [] }] });
    const input = screen.getByRole("textbox", { name: /^Output/ });
    await user.clear(input);
    await user.type(input, "Gold customers");
    expect(last()).toBeUndefined();
    await user.tab();
    expect(last()?.rules).toEqual([{ output: "Gold-customers", conditions: [] }]);
    await user.clear(input);
    await user.tab();
    expect(input).toHaveValue("Gold-customers");
    expect(last()?.rules).toEqual([{ output: "Gold-customers", conditions: [] }]);
  });

  it("turns a field into an expression and back to the value it had", async () => {
    const { user, last } = show("http_request", { url: "https://x.dev", timeoutSeconds: 5 });
    await user.click(screen.getByRole("button", { name: "Use an expression for Time-out in seconds" }));
    expect(last()?.timeoutSeconds).toBe("{{ 5 }}");
    await user.click(screen.getByRole("button", { name: "Use a fixed value for Time-out in seconds" }));
    expect(last()?.timeoutSeconds).toBe(5);
  });

  it("says what is wrong at the field, for the eye and the screen reader", () => {
    const diagnostic = { code: "x", severity: "error" as const, message: "URL is missing.", remedy: "Fill it in." };
    show("http_request", {}, new Map([["params.url", [diagnostic]]]));
    const input = screen.getByRole("textbox", { name: /^URL/ });
    expect(input).toHaveAttribute("aria-invalid", "true");
    expect(input).toHaveAccessibleDescription("URL is missing. Fill it in.");
  });

  it("says it at code, too", async () => {
    const diagnostic = { code: "x", severity: "error" as const, message: "Code is missing.", remedy: "Write some." };
    show("code", {}, new Map([["params.code", [diagnostic]]]));
    const editor = await screen.findByRole("textbox", { name: /^JavaScript/ });
    expect(editor).toHaveAttribute("aria-invalid", "true");
    expect(editor).toHaveAccessibleDescription(/^Code is missing\. Write some\./);
  });

  it("keeps the help beside it, which who mends it needs", () => {
    const diagnostic = { code: "x", severity: "error" as const, message: "It is no ARN.", remedy: "" };
    show("sns_trigger", {}, new Map([["params.topic", [diagnostic]]]));
    expect(screen.getByRole("combobox", { name: /^Topic/ })).toHaveAccessibleDescription(/^It is no ARN\..*Its ARN\.$/);
  });
});

describe("docs", () => {
  it("never become HTML", () => {
    render(<Markdown text={"**Bold** and `code`\n\n<img src=x onerror=alert(1)>\n\n- one\n- two"} />);
    expect(screen.getByText("Bold").tagName).toBe("STRONG");
    expect(document.querySelector("img")).toBeNull();
    expect(screen.getByText("<img src=x onerror=alert(1)>")).toBeInTheDocument();
    expect(screen.getAllByRole("listitem").map((item) => item.textContent)).toEqual(["one", "two"]);
  });
});

describe("what is wrong within a list", () => {
  const finding = (field: string, message: string, severity: Diagnostic["severity"] = "error"): Diagnostic => ({
    code: "invalid_parameter",
    severity,
    message: `'Switch': ${message}`,
    remedy: "",
    nodeId: "a",
    field,
  });
  const found = (...all: Diagnostic[]) => new Map(all.map((one) => [one.field ?? "", [one]]));
  const wordsAt = (path: string) => document.querySelector(`[data-findings="${path}"]`)?.textContent;

  it.each([
    ["params.rules.0.conditions.0.operator", "no such operator", "params.rules.0.conditions.0"],
    ["params.rules.0.conditions.0", "an object is needed", "params.rules.0.conditions.0"],
    ["params.rules.0.conditions.0.right.deep.1", "too deep", "params.rules.0.conditions.0"],
    ["params.rules.0.conditions.0.__proto__", "no such field", "params.rules.0.conditions.0"],
    ["params.rules.0", "a row is needed", "params.rules.0"],
    ["params.rules.0.outptu", "no such field", "params.rules.0"],
  ])("stands where it is: %s", (field, words, place) => {
    const condition = { left: "a", type: "text", operator: "resembles", right: "b" };
    const params = { mode: "rules", rules: [{ output: "x", combine: "and", conditions: [condition] }] };
    show("switch", params, found(finding(field, words)));
    const sentence = `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
    expect(wordsAt(place)).toBe(sentence);
    expect(screen.getAllByText(sentence)).toHaveLength(1);
  });

  it("stands at the row of a group that it is about, once", () => {
    const inner = { left: "a", type: "text", operator: "resembles", right: "b" };
    const params = { conditions: [{ type: "group", combine: "or", conditions: [inner, inner] }] };
    show("if", params, found(finding("params.conditions.0.conditions.1.operator", "no such operator")));
    expect(wordsAt("params.conditions.0.conditions.1")).toBe("No such operator.");
    expect(screen.getAllByText("No such operator.")).toHaveLength(1);
  });

  it("stands at a header, and of a warning it is no error", () => {
    const params = { url: "https://x.dev", headers: [{ name: "a", value: "b" }] };
    show("http_request", params, found(finding("params.headers.0.value", "looks odd", "warning")));
    expect(wordsAt("params.headers.0")).toBe("Looks odd.");
    expect(screen.getByText("Looks odd.")).toHaveClass("text-warn");
  });

  it("is said once where a row's form says it itself", () => {
    const params = { fields: [{ name: "", type: "number" }] };
    show("workflow_trigger", params, found(finding("params.fields.0.name", "a name is needed")));
    expect(screen.getAllByText("A name is needed.")).toHaveLength(1);
    expect(wordsAt("params.fields.0")).toBeUndefined();
  });
});
