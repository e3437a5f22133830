// @vitest-environment jsdom
import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Tooltip } from "radix-ui";
import { useState } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "../../api/problem";
import { createQueryClient } from "../../api/queries";
import { findType } from "../../graph/catalogue";
import type { Params } from "../../graph/document";
import { catalogue } from "../../testing/catalogue";
import { ParamsForm } from "../ParamsForm";
import { NodeFormContext } from "./nodeForm";

const listOptions = vi.hoisted(() => vi.fn());
vi.mock("../../api/endpoints", async (original) => ({ ...(await original<object>()), listOptions }));

interface Asked {
  field: string;
  params: Params;
  search: string;
  page: string | null;
  reload: boolean;
}

const choice = (value: string, detail = "", label = value) => ({ value, label, detail, required: false });
const page = (options: unknown[], next: string | null = null, cut = false) => ({ options, next, cut });
const asked = (): Asked[] => listOptions.mock.calls.map(([, body]) => body as Asked);

beforeEach(() => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no network")));
  Element.prototype.scrollIntoView = vi.fn();
});

afterEach(() => {
  cleanup();
  listOptions.mockReset();
  vi.unstubAllGlobals();
});

function Form({ type, initial, seen }: { type: string; initial: Params; seen(params: Params): void }) {
  const [params, setParams] = useState(initial);
  const schema = findType(catalogue, type, 1)?.paramsSchema ?? {};
  return (
    <NodeFormContext value={{ type, version: 1, schema, params }}>
      <ParamsForm
        schema={schema}
        params={params}
        base="params"
        diagnostics={new Map()}
        onChange={(name, value) => {
          const next = { ...params, [name]: value };
          setParams(next);
          seen(next);
        }}
      />
    </NodeFormContext>
  );
}

function show(type: string, initial: Params) {
  const seen = vi.fn<(params: Params) => void>();
  render(
    <QueryClientProvider client={createQueryClient()}>
      <Tooltip.Provider>
        <Form type={type} initial={initial} seen={seen} />
      </Tooltip.Provider>
    </QueryClientProvider>,
  );
  return { user: userEvent.setup(), last: () => seen.mock.calls.at(-1)?.[0] };
}

const INSERT = { credential: "c", operation: "insert" };
const table = () => screen.getByRole("combobox", { name: /Table/ });
const names = () => screen.getAllByRole("option").map((one) => one.textContent);

describe("a field with choices", () => {
  it("is filled in by keys alone, and says what it has", async () => {
    listOptions.mockResolvedValue(page([choice("orders", "public"), choice("customers")]));
    const { user, last } = show("database", INSERT);
    await user.click(table());
    await user.keyboard("{Escape}{ArrowDown}");
    await waitFor(() => expect(names()).toEqual(["orderspublic", "customers"]));
    expect(table()).toHaveAttribute("aria-expanded", "true");
    await user.keyboard("{ArrowDown}");
    const active = table().getAttribute("aria-activedescendant");
    expect(document.getElementById(active ?? "")).toHaveTextContent("customers");
    expect(screen.getByRole("option", { selected: true })).toHaveTextContent("customers");
    await waitFor(() => expect(screen.getByText("2 choices")).toBeInTheDocument());
    await user.keyboard("{Enter}");
    expect(last()).toEqual({ ...INSERT, table: "customers" });
    expect(table()).toHaveAttribute("aria-expanded", "false");
    expect(table()).toHaveFocus();
  });

  it("keeps what is written, choices or not", async () => {
    listOptions.mockResolvedValue(page([]));
    const { user, last } = show("database", INSERT);
    await user.type(table(), "new_table");
    expect(last()).toMatchObject({ table: "new_table" });
    await waitFor(() => expect(screen.getByText(/Nothing matches “new_table”/)).toBeInTheDocument());
    await user.tab();
    expect(screen.queryByRole("listbox")).not.toBeInTheDocument();
    expect(table()).toHaveValue("new_table");
  });

  it("shows a saved value that is no choice, and all choices when it is opened", async () => {
    listOptions.mockResolvedValue(page([choice("orders")]));
    const { user } = show("database", { ...INSERT, table: "gone" });
    expect(table()).toHaveValue("gone");
    await user.click(table());
    await waitFor(() => expect(names()).toEqual(["orders"]));
    expect(table()).toHaveValue("gone");
  });

  it("asks the provider for what is written, once nobody types", async () => {
    listOptions.mockResolvedValue(page([choice("orders")]));
    const { user } = show("database", INSERT);
    await user.type(table(), "ord");
    const searches = () => asked().flatMap(({ field, search }) => (field === "table" ? [search] : []));
    await waitFor(() => expect(searches().at(-1)).toBe("ord"), { timeout: 10_000 });
    expect(searches()).not.toContain("or");
  });

  it("says what must be done first, and asks nobody", async () => {
    const { user } = show("database", { operation: "insert" });
    await user.click(table());
    expect(screen.getByText("Choose Database first.")).toBeInTheDocument();
    expect(listOptions).not.toHaveBeenCalled();
  });

  it("says at the field why there are none, and tries again", async () => {
    const detail = "28P01: password authentication failed. Check user and password in the credential.";
    listOptions.mockRejectedValueOnce(new ApiError("problem", 422, { title: "Not valid", detail }));
    listOptions.mockResolvedValue(page([choice("orders")]));
    const { user } = show("database", INSERT);
    await user.click(table());
    expect(await screen.findByRole("alert")).toHaveTextContent(detail);
    expect(screen.queryByRole("listbox")).not.toBeInTheDocument();
    expect(table()).toHaveAccessibleDescription(expect.stringContaining("28P01"));
    await user.click(screen.getByRole("button", { name: "Try again: Table" }));
    await waitFor(() => expect(screen.queryByRole("alert")).not.toBeInTheDocument());
    expect(asked().at(-1)?.reload).toBe(true);
    expect(listOptions).toHaveBeenCalledTimes(2);
  });

  it("loads further pages when the end is chosen", async () => {
    listOptions.mockImplementation((_: string, { page: at }: Asked) =>
      Promise.resolve(at === "p2" ? page([choice("b"), choice("c")]) : page([choice("a")], "p2")),
    );
    const { user } = show("database", INSERT);
    await user.click(table());
    await waitFor(() => expect(names()).toEqual(["a", "Load more"]));
    await user.keyboard("{ArrowUp}{Enter}");
    await waitFor(() => expect(names()).toEqual(["a", "b", "c"]));
    expect(table()).toHaveFocus();
  });

  it("loads again on demand, past what is remembered", async () => {
    listOptions.mockResolvedValueOnce(page([choice("a")]));
    listOptions.mockResolvedValueOnce(page([choice("b")]));
    const { user } = show("database", INSERT);
    await user.click(table());
    await waitFor(() => expect(names()).toEqual(["a"]));
    await user.click(screen.getByRole("button", { name: "Load the choices for Table again" }));
    await waitFor(() => expect(names()).toEqual(["b"]));
    expect(asked().map(({ reload }) => reload)).toEqual([false, true]);
  });

  it("says where the provider has more than it tells", async () => {
    listOptions.mockResolvedValue(page([choice("a")], null, true));
    const { user } = show("database", INSERT);
    await user.click(table());
    expect(await screen.findByText(/There are more than these/)).toBeInTheDocument();
  });
});

describe("a field with choices that may be an expression", () => {
  const GITHUB = { credential: "c", resource: "issue", operation: "list", owner: "octocat" };
  const repository = () => screen.getByRole("combobox", { name: /Repository/ });

  it("becomes one where braces are typed", async () => {
    listOptions.mockResolvedValue(page([]));
    const { user, last } = show("github", GITHUB);
    await user.click(repository());
    await user.keyboard("{{{{");
    expect(last()?.repository).toBe("{{  }}");
    expect(screen.queryByRole("combobox", { name: /Repository/ })).not.toBeInTheDocument();
  });

  it("is an expression that was saved, and a fixed value again by the switch", async () => {
    const { user } = show("github", { ...GITHUB, repository: "{{ $json.repo }}" });
    const row = document.querySelector<HTMLElement>('[data-field="params.repository"]');
    expect(row).not.toBeNull();
    const fx = within(row as HTMLElement).getByRole("button", { name: /Repository/, pressed: true });
    await user.click(fx);
    expect(repository()).toHaveValue("");
  });

  it("takes several values where the field does", async () => {
    listOptions.mockResolvedValue(page([choice("bug"), choice("ui", "how it looks")]));
    const { user, last } = show("github", { ...GITHUB, repository: "r" });
    const labels = screen.getByRole("combobox", { name: /Labels/ });
    await user.type(labels, "bug,ui");
    await waitFor(() => expect(names()).toEqual(["uihow it looks"]));
    await user.keyboard("{ArrowDown}{Enter}");
    expect(last()?.issueListLabels).toBe("bug,ui");
  });
});

describe("the mapping form", () => {
  const COLUMNS = page([choice("customer", "text, required"), choice("amount", "numeric")]);
  const rows = (params: Params | undefined) => params?.columns;

  it("has a row for each column, and saves those that are filled in", async () => {
    listOptions.mockResolvedValue(COLUMNS);
    const { user, last } = show("database", { ...INSERT, table: "orders" });
    const customer = await screen.findByRole("textbox", { name: "customer, text, required" });
    await user.click(customer);
    await user.keyboard("Ada");
    expect(rows(last())).toEqual([{ name: "customer", value: "Ada" }]);
    await user.click(screen.getByRole("button", { name: "Do not give customer" }));
    expect(rows(last())).toEqual([]);
  });

  it("keeps rows of columns that are not there, and says so", async () => {
    listOptions.mockResolvedValue(COLUMNS);
    const columns = [
      { name: "nickname", value: "A" },
      { name: "amount", value: 7 },
    ];
    const { user, last } = show("database", { ...INSERT, table: "orders", columns });
    expect(await screen.findByText("There is no such column to write.")).toBeInTheDocument();
    expect(screen.getByRole("combobox", { name: /Column/ })).toHaveValue("nickname");
    expect(screen.getByRole("textbox", { name: "amount, numeric" })).toHaveTextContent("7");
    await user.click(screen.getByRole("button", { name: "Take fields of the same names" }));
    expect(rows(last())).toEqual([...columns, { name: "customer", value: "{{ $json.customer }}" }]);
  });

  it("does not take a row away from whoever writes its name", async () => {
    listOptions.mockResolvedValue(COLUMNS);
    const { user, last } = show("database", { ...INSERT, table: "orders" });
    await user.click(await screen.findByRole("button", { name: "Another column" }));
    const name = screen.getByRole("combobox", { name: /Column/ });
    await user.type(name, "amount_net");
    expect(rows(last())).toEqual([{ name: "amount_net", value: "" }]);
    expect(screen.getByRole("combobox", { name: /Column/ })).toHaveFocus();
  });

  it("is a list where the columns cannot be loaded, and says why", async () => {
    listOptions.mockRejectedValue(new ApiError("problem", 422, { detail: "There is no table ordres." }));
    const columns = [{ name: "customer", value: "Ada" }];
    show("database", { ...INSERT, table: "ordres", columns });
    expect(await screen.findByRole("alert")).toHaveTextContent("There is no table ordres.");
    expect(screen.getByRole("combobox", { name: /Column/ })).toHaveValue("customer");
    expect(screen.getByRole("button", { name: "Try again: Columns" })).toBeInTheDocument();
  });

  it("asks for the columns of a table once its name is written, not of each beginning of it", async () => {
    listOptions.mockImplementation((_: string, { field }: Asked) =>
      Promise.resolve(field === "table" ? page([]) : COLUMNS),
    );
    const { user } = show("database", INSERT);
    await user.type(table(), "orders");
    await screen.findByRole("textbox", { name: "amount, numeric" });
    const tables = asked().flatMap(({ field, params }) => (field === "columns.name" ? [params.table] : []));
    expect(tables).toEqual(["orders"]);
  });

  it("is a list before there is a table", () => {
    show("database", { ...INSERT, columns: [{ name: "customer", value: "Ada" }] });
    expect(screen.getByRole("combobox", { name: /Column/ })).toHaveValue("customer");
    expect(listOptions).not.toHaveBeenCalled();
  });
});

describe("the fields that another workflow expects", () => {
  const CALL = { workflowId: "w", inputs: "fields" };

  it("are rows with their types, those that are needed marked, filled in by typing", async () => {
    listOptions.mockResolvedValue(
      page([{ ...choice("orderId", "number, required"), required: true }, choice("urgent", "true or false, optional")]),
    );
    const { user, last } = show("execute_workflow", CALL);
    const order = await screen.findByRole("textbox", { name: /orderId, number, required/ });
    expect(screen.getByText("orderId")).toHaveTextContent("orderId *");
    expect(screen.getByText("urgent")).not.toHaveTextContent("*");
    await user.type(order, "7");
    expect(last()).toEqual({ ...CALL, values: [{ name: "orderId", value: "7" }] });
    expect(asked()[0]).toMatchObject({ field: "values.name", params: { workflowId: "w" } });
  });

  it("are asked for again when the form comes back, for somebody may have published", async () => {
    listOptions.mockResolvedValueOnce(page([choice("old")]));
    listOptions.mockResolvedValueOnce(page([choice("old"), choice("new")]));
    const client = createQueryClient();
    const form = () => (
      <QueryClientProvider client={client}>
        <Tooltip.Provider>
          <Form type="execute_workflow" initial={{ ...CALL, values: [{ name: "gone", value: "1" }] }} seen={vi.fn()} />
        </Tooltip.Provider>
      </QueryClientProvider>
    );
    const { unmount } = render(form());
    expect(await screen.findByText("old")).toBeInTheDocument();
    expect(screen.getByText("There is no such field to write.")).toBeInTheDocument();
    unmount();
    render(form());
    expect(await screen.findByText("new")).toBeInTheDocument();
    expect(listOptions).toHaveBeenCalledTimes(2);
  });
});
