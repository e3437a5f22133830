// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Tooltip } from "radix-ui";
import { useState } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { findType } from "../graph/catalogue";
import type { Params } from "../graph/document";
import { catalogue } from "../testing/catalogue";
import { ParamsForm } from "./ParamsForm";

let params: Params;

function Form({ type }: { type: string }) {
  const [shown, setShown] = useState(params);
  const schema = findType(catalogue, type, 1)?.paramsSchema ?? {};
  const change = (name: string, value: Params[string]) => {
    params = { ...params, [name]: value };
    setShown(params);
  };
  return <ParamsForm schema={schema} params={shown} base="params" diagnostics={new Map()} onChange={change} />;
}

function show(type: string, initial: Params) {
  params = initial;
  render(
    <QueryClientProvider client={new QueryClient()}>
      <Tooltip.Provider>
        <Form type={type} />
      </Tooltip.Provider>
    </QueryClientProvider>,
  );
  return userEvent.setup();
}

beforeEach(() => vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no network"))));
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const button = (name: string) => screen.getByRole("button", { name });
const fields = () => (params.assignments as { name: string }[]).map(({ name }) => name);
const rows = (...names: string[]) => ({ assignments: names.map((name) => ({ name, value: "", type: "text" })) });

describe("a list of rows, with keys alone", () => {
  it("gives the focus to a row that is added", async () => {
    const user = show("set_fields", rows("a"));
    button("Add to Fields").focus();
    await user.keyboard("{Enter}");
    const row = screen.getByRole("group", { name: "Fields 2" });
    expect(within(row).getByRole("textbox", { name: /^Field/ })).toHaveFocus();
    await user.keyboard("b");
    expect(fields()).toEqual(["a", "b"]);
  });

  it("keeps it on a row that moves, as far as it goes", async () => {
    const user = show("set_fields", rows("a", "b", "c"));
    button("Move row 1 down").focus();
    await user.keyboard("{Enter}");
    expect(fields()).toEqual(["b", "a", "c"]);
    expect(button("Move row 2 down")).toHaveFocus();
    await user.keyboard("{Enter}");
    expect(fields()).toEqual(["b", "c", "a"]);
    expect(button("Move row 3 up")).toHaveFocus();
    await user.keyboard("{Enter}{Enter}");
    expect(fields()).toEqual(["a", "b", "c"]);
    expect(button("Move row 1 down")).toHaveFocus();
  });

  it("gives it to the next row when one is removed, and in the end to what adds one", async () => {
    const user = show("set_fields", rows("a", "b", "c"));
    button("Remove row 2").focus();
    await user.keyboard("{Enter}");
    expect(button("Remove row 2")).toHaveFocus();
    await user.keyboard("{Enter}");
    expect(button("Remove row 1")).toHaveFocus();
    await user.keyboard("{Enter}");
    expect(fields()).toEqual([]);
    expect(button("Add to Fields")).toHaveFocus();
  });

  it("does so for names with values, too", async () => {
    const user = show("http_request", { headers: [] });
    button("Add to Headers").focus();
    await user.keyboard("{Enter}x");
    expect(params.headers).toEqual([{ name: "x", value: "" }]);
    button("Remove row 1").focus();
    await user.keyboard("{Enter}");
    expect(button("Add to Headers")).toHaveFocus();
  });

  it("does so for conditions and their groups, which are lists in rows", async () => {
    const one = (left: string) => ({ left, type: "text", operator: "equals", right: "" });
    const user = show("if", {
      conditions: [one("a"), { type: "group", combine: "or", conditions: [one("b"), one("c")] }],
    });
    const group = screen.getByRole("group", { name: "Group 2" });
    const inner = within(group).getAllByRole("button", { name: /^Remove condition/ });
    inner[0]?.focus();
    await user.keyboard("{Enter}");
    expect(params.conditions).toMatchObject([{ left: "a" }, { conditions: [{ left: "c" }] }]);
    expect(document.activeElement).toBe(within(group).getByRole("button", { name: /^Remove condition/ }));
    screen.getByRole("button", { name: "Remove condition 1" }).focus();
    await user.keyboard("{Enter}");
    expect(screen.getByRole("button", { name: "Remove group 1" })).toHaveFocus();
    await user.keyboard("{Enter}");
    expect(screen.getByRole("button", { name: "Add condition" })).toHaveFocus();
    await user.keyboard("{Enter}");
    expect(params.conditions).toHaveLength(1);
    expect(screen.getByRole("textbox", { name: "Value" })).toHaveFocus();
  });
});

describe("a key that an input method composes with", () => {
  it("is not for the field: Enter takes a word, Escape leaves one", () => {
    const condition = { left: "", type: "text", operator: "equals", right: "" };
    show("switch", { mode: "rules", rules: [{ output: "a", conditions: [condition] }] });
    const output = screen.getByRole("textbox", { name: /^Output/ });
    fireEvent.change(output, { target: { value: "にほん" } });
    fireEvent.keyDown(output, { key: "Enter", isComposing: true });
    fireEvent.keyDown(output, { key: "Escape", keyCode: 229 });
    expect(output).toHaveValue("にほん");
    expect(params.rules).toMatchObject([{ output: "a" }]);
    fireEvent.keyDown(output, { key: "Escape" });
    expect(output).toHaveValue("a");
  });
});

describe("help", () => {
  it("is there in rows, tied to its field, with code set as such", () => {
    show("rename_keys", { patterns: [{ pattern: "a" }] });
    const pattern = screen.getByRole("textbox", { name: /^Pattern/ });
    expect(pattern).toHaveAccessibleDescription("A regular expression, as in JavaScript.");
    cleanup();
    show("approval", { title: "t", form: [{ name: "a" }] });
    expect(screen.getByText("approval.form").tagName).toBe("CODE");
  });
});
