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

const { toggleBreakpoint, useDebugging } = await import("./breakpoints");

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
