// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen } from "@testing-library/react";
import { Tooltip } from "radix-ui";
import { afterEach, describe, expect, it, vi } from "vitest";
import { keys } from "../api/queries";
import type { CredentialDetail } from "../api/types";
import { catalogue } from "../testing/catalogue";
import { EditCredentialDialog } from "./EditCredentialDialog";

afterEach(cleanup);

function show(type: string, data: Record<string, unknown>) {
  const more = { projectId: "p", sharedWith: [], expiresAt: null, endsAt: null };
  const stored = { id: "c", name: "Box", type, data, secrets: ["password"], ...more } as unknown as CredentialDetail;
  const client = new QueryClient();
  client.setQueryData(keys.catalogue, catalogue);
  client.setQueryData([...keys.credentials, "c"], stored);
  client.setQueryData([...keys.credentials, "c", "uses"], {
    workflows: [],
    total: 0,
    apis: [],
    hidden: 0,
    credentials: [],
  });
  render(
    <QueryClientProvider client={client}>
      <Tooltip.Provider>
        <EditCredentialDialog credential={stored} onClose={() => {}} />
      </Tooltip.Provider>
    </QueryClientProvider>,
  );
}

describe("the fields of a credential", () => {
  // jsdom has none; a switch in a form measures itself.
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );

  it("are a switch where the answer is yes or no, and lines where there are several", () => {
    show("jwt_key", { algorithm: "HS256", secretIsBase64: true, publicKey: "-----BEGIN" });
    expect(screen.getByRole("switch", { name: "The secret is Base64" }).getAttribute("aria-checked")).toBe("true");
    expect(screen.getByRole("textbox", { name: "Public key" }).tagName).toBe("TEXTAREA");
  });
});

describe("trying a credential out", () => {
  it("reads a secret of a store, and is of no use to other types", () => {
    show("hashicorp_vault", { address: "https://vault.example" });
    expect(screen.getByRole("textbox", { name: "Try a secret" })).toBeTruthy();
    cleanup();
    show("imap", { host: "mail.example", user: "ada" });
    expect(screen.queryByRole("textbox", { name: "Try a secret" })).toBeNull();
  });

  it("is offered where a node logs in with it", () => {
    show("imap", { host: "mail.example", user: "ada" });
    expect(screen.getByRole("button", { name: "Test" })).toBeTruthy();
  });

  it("is not offered where nothing would tell whether it works", () => {
    show("smtp", { host: "mail.example" });
    expect(screen.queryByRole("button", { name: "Test" })).toBeNull();
  });
});
