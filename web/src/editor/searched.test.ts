import { describe, expect, it } from "vitest";
import { searched } from "./searched";

const commands = [
  { group: "actions", label: "Run" },
  { group: "actions", label: "Undo" },
  { group: "nodes", label: "Turn rates", detail: "HTTP request" },
  { group: "nodes", label: "Rates", detail: "Code" },
];
const labels = (search: string) => searched(commands, search).map(({ label }) => label);

describe("searched", () => {
  it("keeps groups together, and what begins with the word comes first", () => {
    expect(labels("")).toEqual(["Run", "Undo", "Turn rates", "Rates"]);
    expect(labels("r")).toEqual(["Run", "Rates", "Turn rates"]);
    expect(labels("rates http")).toEqual(["Turn rates"]);
    expect(labels("nothing")).toEqual([]);
  });
});
