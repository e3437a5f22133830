// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen } from "@testing-library/react";
import { MemoryRouter } from "react-router";
import { afterEach, describe, expect, it } from "vitest";
import { keys } from "../api/queries";
import type { CredentialUse, CredentialUses as Uses } from "../api/types";
import { CredentialUses } from "./CredentialUses";

afterEach(cleanup);

const use = (name: string, more: Partial<CredentialUse>): CredentialUse => ({
  workflowId: name,
  workflowName: name,
  enabled: true,
  draft: true,
  live: false,
  versions: [],
  nodes: [{ id: "a", name: "Ask", type: "http_request", tool: false }],
  ...more,
});

function show(uses: Uses): string {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } } });
  client.setQueryData([...keys.credentials, "c", "uses"], uses);
  render(
    <QueryClientProvider client={client}>
      <MemoryRouter>
        <CredentialUses id="c" />
      </MemoryRouter>
    </QueryClientProvider>,
  );
  return screen.getByRole("region", { name: "Used by" }).textContent ?? "";
}

describe("who uses a credential", () => {
  it("is nobody", () => {
    expect(show({ workflows: [], total: 0, apis: [], hidden: 0, credentials: [] })).toContain("No workflow uses it.");
  });

  it("is somebody whose project is not seen, and who takes secrets from a store", () => {
    const text = show({ workflows: [], total: 0, apis: [], hidden: 2, credentials: [{ id: "k", name: "Till" }] });
    expect(text).not.toContain("No workflow uses it.");
    expect(text).toContain("And 2 workflows of projects that you do not see.");
    expect(text).toContain("Secrets for “Till”.");
  });

  it("is a workflow that is published, switched off, a draft, or one of old", () => {
    const tool = [{ id: "a", name: "Look up", type: "http_request", tool: true }];
    const text = show({
      workflows: [
        use("Orders", { live: true, versions: [3, 2], nodes: tool }),
        use("Nightly", { live: true, enabled: false }),
        use("New", {}),
        use("Former", { draft: false, versions: [4, 1] }),
        use("Once", { draft: false, versions: [2] }),
      ],
      total: 12,
      apis: [
        { id: "1", name: "Shop" },
        { id: "2", name: "Mail" },
      ],
      hidden: 0,
      credentials: [],
    });
    expect(text).toContain("OrdersPublishedLook up (an agent's tool)");
    expect(text).toContain("NightlyPublished, switched off");
    expect(text).toContain("NewDraftAsk");
    expect(text).toContain("FormerOnly older versions, up to 4");
    expect(text).toContain("OnceOnly version 2");
    expect(text).toContain("And 7 more.");
    expect(text).toContain("Sent to the APIs Shop, Mail.");
    expect(screen.getByRole("link", { name: "Orders" }).getAttribute("href")).toBe("/workflows/Orders");
  });
});
