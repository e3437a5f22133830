// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Tooltip } from "radix-ui";
import { beforeEach, describe, expect, it, vi } from "vitest";
import * as api from "../api/endpoints";
import type { Workflow } from "../api/types";
import { LeftRegistrations } from "./LeftRegistrations";
import { useEditor } from "./store";

vi.mock("../api/endpoints");

const one = (id: string, nodeId: string, status: string) => ({
  id,
  nodeId,
  status,
  type: "github_trigger",
  url: `https://example.com/hooks/acme/~/${id}`,
  createdAt: "2026-01-05T09:30:00Z",
  lastError: { type: "RequestTimeout", message: `<b>${id}</b> did not answer` },
});

describe("what is left at a provider", () => {
  beforeEach(() => {
    useEditor.setState({ workflowId: "w", publishedVersion: null });
    const registrations = [one("r1", "push", "failed"), one("r2", "gone", "leaving"), one("r3", "push", "active")];
    vi.mocked(api.getWorkflow).mockImplementation(async () => ({ registrations }) as unknown as Workflow);
    vi.mocked(api.dismissRegistration).mockImplementation(async (_, id) => {
      registrations.splice(
        registrations.findIndex((other) => other.id === id),
        1,
      );
    });
  });
  const show = (nodeId?: string) =>
    render(
      <QueryClientProvider client={new QueryClient()}>
        <Tooltip.Provider>
          <LeftRegistrations {...(nodeId ? { nodeId } : {})} />
        </Tooltip.Provider>
      </QueryClientProvider>,
    );

  it("is told at its trigger, and dismissed when that is confirmed", async () => {
    show("push");
    const section = await screen.findByRole("region", { name: "Left at the provider" });
    expect(within(section).getAllByRole("listitem")).toHaveLength(1);
    expect(section).toHaveTextContent("asked no more. Delete it there.");
    expect(section).toHaveTextContent("<b>r1</b> did not answer");
    await userEvent.click(within(section).getByRole("button", { name: "Dismiss" }));
    const dialog = screen.getByRole("dialog");
    expect(dialog).toHaveTextContent("may go on calling https://example.com/hooks/acme/~/r1");
    await userEvent.click(within(dialog).getByRole("button", { name: "Cancel" }));
    expect(api.dismissRegistration).not.toHaveBeenCalled();
    await userEvent.click(within(section).getByRole("button", { name: "Dismiss" }));
    await userEvent.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Dismiss" }));
    expect(api.dismissRegistration).toHaveBeenCalledWith("w", "r1");
    await vi.waitFor(() => expect(screen.queryByRole("region", { name: "Left at the provider" })).toBeNull());
  });

  it("is told for all triggers, also those that are no longer in the draft", async () => {
    show();
    expect(await screen.findAllByRole("button", { name: "Dismiss" })).toHaveLength(2);
  });
});
