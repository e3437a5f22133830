// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen } from "@testing-library/react";
import { Tooltip } from "radix-ui";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as api from "../api/endpoints";
import type { Workflow } from "../api/types";
import type { WorkflowNode } from "../graph/document";
import { AppUrl } from "./AppUrl";
import { useEditor } from "./store";

vi.mock("../api/endpoints");

const one = (nodeId: string, status: string) => ({
  id: nodeId,
  nodeId,
  status,
  url: `https://x.y/hooks/acme/~/${nodeId}`,
});

describe("the address for a provider's settings", () => {
  beforeEach(() => useEditor.setState({ workflowId: "w", publishedVersion: 1 }));
  afterEach(cleanup);
  const show = (...registrations: ReturnType<typeof one>[]) => {
    vi.mocked(api.getWorkflow).mockResolvedValue({ registrations } as unknown as Workflow);
    render(
      <QueryClientProvider client={new QueryClient()}>
        <Tooltip.Provider>
          <AppUrl node={{ id: "slack" } as WorkflowNode} />
        </Tooltip.Provider>
      </QueryClientProvider>,
    );
  };

  it("is shown of what is live", async () => {
    show(one("other", "active"), one("slack", "active"));
    expect(await screen.findByTestId("app-url")).toHaveTextContent("https://x.y/hooks/acme/~/slack");
  });

  it("is there once the workflow is published", async () => {
    show(one("slack", "leaving"));
    expect(await screen.findByText(/once the workflow is published/)).toBeVisible();
    expect(screen.queryByTestId("app-url")).toBeNull();
  });
});
