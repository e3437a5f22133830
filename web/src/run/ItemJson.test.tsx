// @vitest-environment jsdom
import { render, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { ItemJson } from "./ItemJson";

const items = [
  { json: { id: 7, "first name": "Ada", lines: [{ sku: "a" }, {}], none: null, empty: [] } },
  { json: { id: 8 } },
];

it("is the text that JSON has, whether names can be dragged or not", () => {
  const text = JSON.stringify(
    items.map((item) => item.json),
    null,
    2,
  );
  const { container, rerender } = render(<ItemJson items={items} />);
  expect(container.textContent).toBe(text);
  rerender(<ItemJson items={items} root="$json" />);
  expect(container.textContent).toBe(text);
});

it("names each field as an expression does", () => {
  const screen = within(render(<ItemJson items={items} root="$json" />).container);
  expect(screen.getByText('"first name"').title).toBe('$json["first name"]');
  expect(screen.getByText('"sku"').title).toBe("$json.lines[0].sku");
  expect(screen.getAllByText('"id"').map(({ title }) => title)).toEqual(["$json.id", "$json.id"]);
});
