// @vitest-environment jsdom
import { cleanup, createEvent, fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Tooltip } from "radix-ui";
import { afterEach, beforeEach, expect, it } from "vitest";
import { findNode, type Params } from "../../graph/document";
import { started } from "../../graph/history";
import { branching, node } from "../../testing/catalogue";
import { useToasts } from "../../ui/toasts";
import { useEditor } from "../store";
import { CurlImport } from "./CurlImport";
import { useCurlPaste } from "./useCurlPaste";

const request = node("a", "http_request", { url: "https://old.dev", bodyKind: "json", jsonBody: { old: 1 } });
const now = (): Params => findNode(useEditor.getState().history.present, "a")?.params ?? {};

afterEach(cleanup);

beforeEach(() => {
  useEditor.setState({ history: started({ ...branching(), nodes: [request], edges: [] }), diagnostics: [], told: [] });
  useToasts.setState({ toasts: [] });
});

it("fills the node in from a command, and says what belongs into a credential", async () => {
  render(
    <Tooltip.Provider>
      <CurlImport node={request} />
    </Tooltip.Provider>,
  );
  await userEvent.click(screen.getByRole("button", { name: "Import cURL" }));
  const box = screen.getByLabelText("Command");
  fireEvent.change(box, { target: { value: "wget x" } });
  expect(screen.getByRole("button", { name: "Import" })).toHaveProperty("disabled", true);
  fireEvent.change(box, { target: { value: "curl https://x.dev/a?b=1 -H 'Authorization: Bearer s3cret'" } });
  expect(screen.getByText(/belongs into a credential/)).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Import" }));
  expect(now()).toMatchObject({ url: "https://x.dev/a", query: [{ name: "b", value: "1" }], authentication: "bearer" });
  expect(now().jsonBody).toBeUndefined();
  expect(JSON.stringify(now())).not.toContain("s3cret");
  expect(useToasts.getState().toasts).toHaveLength(1);
});

function Pasting() {
  return (
    <div onPasteCapture={useCurlPaste(request)}>
      <div data-field="params.url">
        <input aria-label="URL" />
      </div>
      <input aria-label="other" />
    </div>
  );
}

it.each([
  ["URL", "curl -X DELETE https://x.dev", true],
  ["URL", "https://x.dev", false],
  ["other", "curl -X DELETE https://x.dev", false],
])("pasting into %s: %s", (label, text, isTaken) => {
  render(<Pasting />);
  const field = screen.getByLabelText(label);
  const event = createEvent.paste(field, { clipboardData: { getData: () => text } });
  fireEvent(field, event);
  expect(event.defaultPrevented).toBe(isTaken);
  expect(now().method).toBe(isTaken ? "DELETE" : undefined);
});
