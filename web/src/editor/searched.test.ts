import { describe, expect, it } from "vitest";
import { searched } from "./searched";

const commands = [
  { group: "actions", label: "Run" },
  { group: "actions", label: "Undo" },
  { group: "nodes", label: "Turn rates", detail: "HTTP request" },
  { group: "nodes", label: "Rates", detail: "Code" },
  { group: "pages", label: "Go to requests" },
];
const labels = (search: string) => searched(commands, search).map(({ label }) => label);

describe("searched", () => {
  it("keeps groups together, and what begins with the word comes first", () => {
    expect(labels("")).toEqual(["Run", "Undo", "Turn rates", "Rates", "Go to requests"]);
    expect(labels("r")).toEqual(["Run", "Rates", "Turn rates", "Go to requests"]);
    expect(labels("requests")).toEqual(["Go to requests"]);
    expect(labels("request")).toEqual(["Go to requests", "Turn rates"]);
    expect(labels("rates http")).toEqual(["Turn rates"]);
    expect(labels("code")).toEqual(["Rates"]);
    expect(labels("nothing")).toEqual([]);
  });
});
