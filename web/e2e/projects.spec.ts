/** Projects: what is moved between them and what is said then, credentials that are shared and mapped, and who sees what. */

import { type APIRequestContext, expect, type Page, test } from "@playwright/test";
import { newOwner } from "./people";
import { expectAccessible, logIn, mailedLink, unique } from "./support";

const PASSWORD = "a-long-password";
type Named = { id: string };

/** A workspace of its own, for projects change what its pages show: the owner, what calls the API as them, the projects. */
async function workspace(request: APIRequestContext, ...names: string[]) {
  const tag = unique("team").replace(/\W/g, "");
  const owner = { email: `${tag}@example.com`, password: PASSWORD };
  const accessToken = await newOwner(request, owner, tag);
  const call = async <Answer = Named>(method: string, path: string, data?: unknown): Promise<Answer> => {
    const headers = { authorization: `Bearer ${accessToken}` };
    const answer = await request.fetch(path, { method, headers, ...(data === undefined ? {} : { data }) });
    if (!answer.ok()) throw new Error(`${method} ${path}: ${answer.status()} ${await answer.text()}`);
    return (answer.status() === 204 ? {} : await answer.json()) as Answer;
  };
  const projects: string[] = [];
  for (const name of names) projects.push((await call("POST", "/api/projects", { name })).id);
  return { tag, owner, call, projects };
}

const asking = (name: string, credential: string) => ({
  schema: 1,
  name,
  nodes: [
    { id: "t", type: "manual_trigger", version: 1, name: "Start", position: { x: 0, y: 0 } },
    {
      id: "a",
      type: "http_request",
      version: 1,
      name: "Ask the shop",
      params: { url: "https://shop.example/orders", authentication: "bearer", bearerCredential: credential },
      position: { x: 240, y: 0 },
    },
  ],
  edges: [{ id: "e", source: "t", target: "a" }],
});

const secret = (name: string, projectId: string) => ({
  name,
  type: "http_bearer",
  data: { token: "a-token", allowedHosts: "shop.example" },
  projectId,
});

/** Moves what a dialog is open for. */
async function moveTo(page: Page, project: string): Promise<void> {
  const dialog = page.getByRole("dialog", { name: /^Move / });
  await dialog.getByLabel("Project").click();
  await page.getByRole("option", { name: project, exact: true }).click();
  await dialog.getByRole("button", { name: "Move", exact: true }).click();
}

const row = (page: Page, name: string) => page.getByRole("listitem").filter({ hasText: name });

test("workflows and credentials move, and what would break is said", async ({ page }) => {
  const { owner, call, projects } = await workspace(page.request, "Sales", "Support");
  const [sales = ""] = projects;
  const shop = await call("POST", "/api/credentials", secret("Shop", sales));
  const flow = await call("POST", `/api/workflows?projectId=${sales}`, asking("Orders", shop.id));
  await logIn(page, owner);

  // The workflow does not leave its credential behind, nor the credential its workflow: both say what is in the way.
  await page.getByRole("button", { name: "Actions for Orders" }).click();
  await page.getByRole("menuitem", { name: "Move to project…" }).click();
  const dialog = page.getByRole("dialog", { name: "Move Orders" });
  await expect(dialog).toContainText("Credentials that it uses must be in the other project");
  await expect(dialog.getByRole("button", { name: "Move", exact: true })).toBeDisabled();
  await expectAccessible(page);
  await moveTo(page, "Support");
  await expect(dialog.getByLabel("Project")).toHaveAccessibleDescription(
    /credentials of another project in 'Ask the shop'/,
  );
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(dialog).toBeHidden();
  await page.goto("/credentials");
  await page.getByRole("button", { name: "Move Shop" }).click();
  const moving = page.getByRole("dialog", { name: "Move Shop" });
  await moveTo(page, "Support");
  await expect(moving.getByLabel("Project")).toHaveAccessibleDescription(/'Orders'. Give them another one first/);
  await moving.getByRole("button", { name: "Cancel" }).click();
  await expect(moving).toBeHidden();

  // Shared with the other project, the credential may be used there: the workflow moves.
  await page.getByRole("button", { name: "Edit Shop" }).click();
  const shares = page.getByRole("region", { name: "Shared with" });
  await expect(shares).toContainText("Only workflows of its own project use it.");
  await shares.getByLabel("A project").click();
  await page.getByRole("option", { name: "Support" }).click();
  await shares.getByRole("button", { name: "Share", exact: true }).click();
  await expect(shares.getByRole("listitem")).toContainText("No workflow uses it");
  await expectAccessible(page);
  await page.goto("/workflows");
  await expect(row(page, "Orders")).toContainText("Sales");
  await page.getByRole("button", { name: "Actions for Orders" }).click();
  await page.getByRole("menuitem", { name: "Move to project…" }).click();
  await moveTo(page, "Support");
  await expect(page.getByText("Moved to Support").first()).toBeVisible();
  await expect(row(page, "Orders")).toContainText("Support");

  // Its picker offers what it may use, and has nothing to say against what is chosen.
  await page.goto(`/workflows/${flow.id}?node=a`);
  await expect(page.getByRole("combobox", { name: "Bearer token" })).toContainText("Shop");
  await expect(page.getByText("belongs to another project")).toHaveCount(0);

  // Taking it back says who uses it.
  await page.goto("/credentials");
  await page.getByRole("button", { name: "Edit Shop" }).click();
  await expect(shares.getByRole("listitem")).toContainText("1 workflow uses it");
  await shares.getByRole("button", { name: "Take it back from Support" }).click();
  const asked = page.getByRole("alertdialog").or(page.getByRole("dialog", { name: "Take it back from Support?" }));
  await expect(asked.first()).toContainText("1 workflow of this project uses it. Their next runs are refused.");
  await asked.first().getByRole("button", { name: "Take back" }).click();
  await expect(shares).toContainText("Only workflows of its own project use it.");
  await page.goto(`/workflows/${flow.id}?node=a`);
  await expect(page.getByText("“Shop” belongs to another project").first()).toBeVisible();
});

test("a store and a table move; what stays behind is said", async ({ page }) => {
  const { owner, call, projects } = await workspace(page.request, "Sales", "Support");
  const [sales = ""] = projects;
  await call("POST", "/api/tables", { name: "Customers", columns: [{ name: "Name", type: "text" }], projectId: sales });
  await call("PUT", "/api/stores/entries", { store: "counters", projectId: sales, key: "n", value: 1 });
  await logIn(page, owner);
  await page.goto("/data");
  await page.getByRole("link", { name: "Customers" }).click();
  await page.getByRole("button", { name: "Actions for table Customers" }).click();
  await page.getByRole("menuitem", { name: "Move to project…" }).click();
  await expect(page.getByRole("dialog")).toContainText("those that stay behind find it no more");
  await moveTo(page, "Support");
  await expect(page.getByText("Moved to Support").first()).toBeVisible();
  await page.goto("/data");
  await expect(row(page, "Customers")).toContainText("Support");
  await page.getByRole("link", { name: "counters" }).click();
  await page.getByRole("button", { name: "Actions for counters" }).click();
  await page.getByRole("menuitem", { name: "Move to project…" }).click();
  await moveTo(page, "Support");
  await expect(page).toHaveURL(/\/data$/);
  await expect(row(page, "counters")).toContainText("Support");
});

test("who is in one project sees nothing of the other, and of a shared credential no more than it is there", async ({
  page,
  browser,
}) => {
  const { tag, owner, call, projects } = await workspace(page.request, "Sales", "Support");
  const [sales = "", support = ""] = projects;
  await call("POST", "/api/environments", { key: "staging", name: "Staging", fallsBack: false });
  const shop = await call("POST", "/api/credentials", secret("Shop", sales));
  await call("POST", "/api/credentials", secret("Trial shop", sales));
  await call("POST", "/api/credentials", secret("Till", sales));
  await call("POST", `/api/workflows?projectId=${sales}`, asking("Orders", shop.id));
  const theirs = await call("POST", `/api/workflows?projectId=${support}`, {
    ...asking("Tickets", ""),
    nodes: asking("Tickets", "").nodes.slice(0, 1),
    edges: [],
  });
  await call("POST", "/api/tables", { name: "Customers", columns: [], projectId: sales });
  await call("PUT", "/api/stores/entries", { store: "counters", projectId: sales, key: "n", value: 1 });
  const email = `mia-${tag}@example.com`;
  await call("POST", "/api/invitations", { email, role: "viewer" });

  const visitor = await (await browser.newContext()).newPage();
  await visitor.goto(await mailedLink(page.request, email, "/invitation#"));
  await visitor.getByLabel("Your name").fill("Mia");
  await visitor.getByLabel("Password").fill(PASSWORD);
  await visitor.keyboard.press("Enter");
  await expect(visitor).toHaveURL(/\/$/);

  // The owner lets her into Support, on the page.
  await logIn(page, owner);
  await page.goto("/settings/projects");
  await page.getByRole("button", { name: "Members of Support" }).click();
  const members = page.getByRole("dialog", { name: "Members of Support" });
  await members.getByLabel("Member").click();
  await page.getByRole("option", { name: /Mia/ }).click();
  await members.getByLabel("Role", { exact: true }).click();
  await page.getByRole("option", { name: "Editor" }).click();
  await members.getByRole("button", { name: "Let in" }).click();
  await expect(members.getByRole("listitem").filter({ hasText: "Mia" })).toBeVisible();
  await expectAccessible(page);

  await visitor.goto("/workflows");
  await expect(row(visitor, "Tickets")).toBeVisible();
  await expect(visitor.getByText("Orders")).toHaveCount(0);
  await visitor.goto("/credentials");
  await expect(visitor.getByRole("heading", { name: "Credentials" })).toBeVisible();
  await expect(visitor.getByText("No credentials yet")).toBeVisible();
  await visitor.goto("/data");
  await expect(visitor.getByText("No tables yet")).toBeVisible();
  await expect(visitor.getByRole("link", { name: "counters" })).toHaveCount(0);

  // What stands for the shop in staging is the owner's to say; then the shop is shared with Support.
  await page.goto("/credentials");
  await page.getByRole("button", { name: "Environments of Shop" }).click();
  const mapping = page.getByRole("dialog", { name: "Shop in environments" });
  await expect(mapping).toContainText("also for projects that it is shared with");
  await mapping.getByLabel("In Staging").click();
  await page.getByRole("option", { name: "Trial shop" }).click();
  await expect(page.getByText("Saved: what runs there opens it from now on").first()).toBeVisible();
  await expect(mapping.getByLabel("In Staging")).toContainText("Trial shop");
  await expectAccessible(page);
  await mapping.getByRole("button", { name: "Close" }).click();
  await expect(mapping).toBeHidden();
  await call("PUT", `/api/credentials/${shop.id}/shares/${support}`);

  await visitor.goto("/credentials");
  await expect(row(visitor, "Shop")).toContainText("Shared");
  await expect(visitor.getByText("Trial shop")).toHaveCount(0);
  await expect(visitor.getByText("shop.example")).toHaveCount(0);
  for (const button of ["Edit Shop", "Move Shop", "Environments of Shop"])
    await expect(visitor.getByRole("button", { name: button })).toHaveCount(0);
  await expectAccessible(visitor);

  // Her workflow uses it: its picker has it, and not the others; in staging there is something for it.
  const saved = await call<{ revision: number }>("GET", `/api/workflows/${theirs.id}`);
  const document = asking("Tickets", shop.id);
  await call("PUT", `/api/workflows/${theirs.id}`, { document, revision: saved.revision });
  await visitor.goto(`/workflows/${theirs.id}?node=a`);
  const picker = visitor.getByRole("combobox", { name: "Bearer token" });
  await expect(picker).toContainText("Shop");
  await picker.click();
  await expect(visitor.getByRole("option", { name: /Shop/ })).toHaveCount(1);
  await expect(visitor.getByRole("option", { name: /Till/ })).toHaveCount(0);
  await visitor.keyboard.press("Escape");
  await visitor.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(visitor.getByText("Version 1 is live in the first environment").first()).toBeVisible();
  await visitor.context().close();
});
