// @vitest-environment jsdom
import { expect, test, vi } from "vitest";
import { atNode } from "../../graph/breakpoints";
import { branching } from "../../testing/catalogue";

const { setBreakpoints, editor } = vi.hoisted(() => ({
  setBreakpoints: vi.fn(() => Promise.resolve()),
  editor: { runExecutionId: "x", runStore: { getState: () => ({ run: { status: "running" } }) } },
}));
vi.mock("../../api/debugging", () => ({ setBreakpoints }));
vi.mock("../store", () => ({
  currentDocument: branching,
  useEditor: { getState: () => ({ ...editor, catalogue: { nodes: [], credentials: [] } }) },
}));

const { forgetRun, keepRun, keptRun, toggleBreakpoint, unpinned, usableIn, useDebugging } = await import(
  "./breakpoints"
);

test("a run that goes on learns of the breakpoints at what it has, and of none at what was drawn since", () => {
  const whole = branching();
  const [node, drawn] = whole.nodes.slice(-2);
  const runs = { ...whole, nodes: whole.nodes.filter(({ id }) => id !== drawn?.id) };
  useDebugging.setState({ workflowId: "w", executionId: "x", runs });
  toggleBreakpoint(atNode(node?.id ?? ""));
  toggleBreakpoint(atNode(drawn?.id ?? ""));
  expect(useDebugging.getState().breakpoints).toHaveLength(2);
  const taken = [expect.objectContaining({ nodeId: node?.id })];
  expect(setBreakpoints).toHaveBeenLastCalledWith("x", taken, true);
});

test("a run that starts at a node with what an execution had stops at what follows it, pinned or not", () => {
  const whole = branching();
  const { source = "", target = "" } = whole.edges.at(-1) ?? {};
  const nodes = whole.nodes.map((node) => (node.id === target ? { ...node, pinned: { main: [] } } : node));
  const document = { ...whole, nodes };
  useDebugging.setState({ breakpoints: [source, target].map((id) => ({ ...atNode(id), condition: "" })) });
  expect(usableIn(document, target)).toEqual([]);
  expect(usableIn(unpinned(document), target).map(({ nodeId }) => nodeId)).toEqual([target]);
  expect(document.nodes.some(({ pinned }) => pinned)).toBe(true);
});

test("the debug run of a workflow is found again after a reload, until it is over", () => {
  useDebugging.setState({ workflowId: "w" });
  keepRun({ executionId: "x", startNodeId: "tax", pinned: false });
  expect(useDebugging.getState()).toMatchObject({ executionId: "x", startNodeId: "tax" });
  expect(keptRun("w")).toEqual({ executionId: "x", startNodeId: "tax", pinned: false });
  expect(keptRun("other")).toBeNull();
  forgetRun("w");
  expect(keptRun("w")).toBeNull();
  localStorage.setItem("stepweave.debugRun.w", "{");
  expect(keptRun("w")).toBeNull();
});
