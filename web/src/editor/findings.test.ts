import { beforeEach, expect, it } from "vitest";
import { ApiError } from "../api/problem";
import type { Diagnostic, WorkflowDocument } from "../graph/document";
import { started } from "../graph/history";
import { lastChecked, showChecked, tell, untell } from "./findings";
import { edit, useEditor } from "./store";

const finding = (code: string, nodeId: string): Diagnostic => ({
  code,
  severity: "error",
  message: `${code} at ${nodeId}`,
  remedy: "Mend it.",
  nodeId,
  field: "params.owner",
});
const node = (id: string) => ({
  id,
  type: "t",
  version: 1,
  name: id,
  params: {},
  settings: {},
  position: { x: 0, y: 0 },
});
const refused = (code: string, ...diagnostics: Diagnostic[]) => new ApiError("problem", 422, { code, diagnostics });
const shown = () => useEditor.getState().diagnostics.map(({ message }) => message);

beforeEach(() => {
  const document = {
    schema: 1,
    name: "w",
    nodes: [node("push"), node("end")],
    edges: [],
  } as unknown as WorkflowDocument;
  useEditor.setState({ history: started(document), diagnostics: [], told: [] });
});

const change = (id: string, patch: object) =>
  edit((document) => ({
    ...document,
    nodes: document.nodes.map((one) => (one.id === id ? { ...one, ...patch } : one)),
  }));

it("keeps what a provider refused when a check answers after it", () => {
  tell(refused("trigger_refused", finding("trigger_refused", "push")));
  showChecked([finding("required", "end")], false);
  expect(shown()).toEqual(["required at end", "trigger_refused at push"]);
  expect(lastChecked()).toEqual([finding("required", "end")]);
});

it("keeps it while the node is dragged or another is edited, and takes it back when its own values change", () => {
  tell(refused("trigger_refused", finding("trigger_refused", "push")));
  change("push", { position: { x: 9, y: 9 } });
  change("end", { params: { a: 1 } });
  showChecked([], true);
  expect(shown()).toEqual(["trigger_refused at push"]);
  change("push", { params: { owner: "me" } });
  showChecked([], true);
  expect(shown()).toEqual([]);
});

it("takes it back when the node is gone, or tried again", () => {
  tell(refused("trigger_refused", finding("trigger_refused", "push"), finding("trigger_refused", "end")));
  untell("end");
  expect(shown()).toEqual(["trigger_refused at push"]);
  edit((document) => ({ ...document, nodes: document.nodes.filter(({ id }) => id !== "push") }));
  showChecked([], true);
  expect(shown()).toEqual([]);
});

it("says no finding twice that is told again, and leaves to the checks what they find themselves", () => {
  const once = refused("trigger_refused", finding("trigger_refused", "push"));
  tell(once);
  tell(once);
  expect(shown()).toEqual(["trigger_refused at push"]);
  showChecked([finding("required", "end")], false);
  tell(refused("workflow_invalid", finding("required", "end")));
  expect(shown()).toEqual(["required at end", "trigger_refused at push"]);
  showChecked([], false);
  expect(shown()).toEqual(["trigger_refused at push"]);
});

it("changes nothing for an error without findings", () => {
  showChecked([finding("required", "end")], false);
  expect(tell(new ApiError("offline", 0, {}))).toBeNull();
  expect(shown()).toEqual(["required at end"]);
});
