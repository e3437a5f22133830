import { createHmac } from "node:crypto";
import { expect, test } from "@playwright/test";
import { GitHub } from "./provider";
import { besides, expectAccessible, expectState, logIn, unique } from "./support";

interface Hook {
  config: { url: string; secret: string };
}

const node = (id: string, type: string, name: string, params: object, x: number) => ({
  id,
  type,
  version: 1,
  name,
  params,
  position: { x, y: 0 },
});

test("a trigger that is called is listened to, hears one signed event, and runs with it", async ({ page, request }) => {
  const repository = unique("shop").replaceAll(" ", "-");
  const github = await GitHub.start(repository);
  try {
    await logIn(page);
    const call = await besides(request);
    const key = await call("/api/credentials", { name: repository, type: "github_token", data: { token: "ghp_x" } });
    const where = { credential: key.id, owner: "octocat", repository, events: [{ event: "issues" }] };
    const { id } = await call("/api/workflows", {
      schema: 1,
      name: repository,
      nodes: [node("on", "github_trigger", "Issues", where, 0), node("end", "no_op", "End", {}, 320)],
      edges: [{ id: "e", source: "on", sourcePort: "main", target: "end", targetPort: "main" }],
    });
    const hooks = async () => (await (await request.get(`${github.url}/hooks`)).json()) as Hook[];
    const tell = async (hook: Hook, secret: string, number: number) => {
      const body = JSON.stringify({ action: "opened", issue: { number, title: "It breaks" } });
      const signed = createHmac("sha256", secret).update(body).digest("hex");
      const answer = await request.post(hook.config.url, {
        data: body,
        headers: {
          "content-type": "application/json",
          "x-github-event": "issues",
          "x-github-delivery": `d-${number}`,
          "x-hub-signature-256": `sha256=${signed}`,
        },
      });
      return answer.status();
    };

    await page.goto(`/workflows/${String(id)}?node=on`);
    const panel = page.getByRole("region", { name: "Listen for an event" });
    await panel.getByRole("button", { name: "Listen for an event" }).focus();
    await page.keyboard.press("Enter");
    await expect(panel.getByRole("status")).toContainText("Listening");
    await expect(panel.getByRole("timer")).toBeVisible();
    await expectAccessible(page);
    // Whoever stops leaves nothing at the provider.
    await panel.getByRole("button", { name: "Stop listening" }).click();
    await expect.poll(hooks).toHaveLength(0);

    await panel.getByRole("button", { name: "Listen again" }).click();
    await expect.poll(hooks).toHaveLength(1);
    const [hook] = (await hooks()) as [Hook];
    expect(await tell(hook, "not the secret", 6)).toBe(401);
    expect(await tell(hook, hook.config.secret, 7)).toBeLessThan(300);
    await expect(panel.getByRole("region", { name: "Items" })).toContainText('"number": 7');
    await expect.poll(hooks).toHaveLength(0);
    await panel.getByRole("button", { name: "Run with this" }).click();
    await expectState(page, "End", "succeeded");
  } finally {
    await github.stop();
  }
});
