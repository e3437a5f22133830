import { createHmac } from "node:crypto";
import { expect, test } from "@playwright/test";
import { besides, expectAccessible, expectState, logIn, unique } from "./support";

const node = (id: string, type: string, name: string, params: object, x: number) => ({
  id,
  type,
  version: 1,
  name,
  params,
  position: { x, y: 0 },
});

test("a webhook's test URL gives a signed call to who listens, and once published starts it", async ({
  page,
  request,
}) => {
  await logIn(page);
  const call = await besides(request);
  const name = unique("shop").replaceAll(" ", "-").toLowerCase();
  const secret = "a secret of the shop";
  const key = await call("/api/credentials", { name, type: "webhook_secret", data: { label: "Shop", secret } });
  const params = {
    path: `${name}/:id`,
    moreMethods: ["PUT"],
    authentication: "signature",
    signaturePreset: "github",
    signatureCredential: key.id,
    idempotencyKey: '{{ $json.headers["x-github-delivery"] }}',
    respond: "lastNode",
  };
  const { id } = await call("/api/workflows", {
    schema: 1,
    name,
    nodes: [node("hook", "webhook_trigger", "Hook", params, 0), node("end", "no_op", "End", {}, 320)],
    edges: [{ id: "e", source: "hook", sourcePort: "main", target: "end", targetPort: "main" }],
  });
  const send = async (url: string, delivery: string, signedWith = secret) => {
    const body = JSON.stringify({ order: 7 });
    const signed = createHmac("sha256", signedWith).update(body).digest("hex");
    const headers = {
      "content-type": "application/json",
      "x-github-delivery": delivery,
      "x-hub-signature-256": `sha256=${signed}`,
    };
    return request.put(url, { data: body, headers });
  };

  await page.goto(`/workflows/${String(id)}?node=hook`);
  const test_ = ((await page.getByTestId("webhook-test-url").textContent()) ?? "").replace(":id", "17");
  expect((await send(test_, "d-0")).status()).toBe(404);
  const panel = page.getByRole("region", { name: "Listen for a test call" });
  await panel.getByRole("button", { name: "Listen for a test call" }).focus();
  await page.keyboard.press("Enter");
  await expect(panel.getByRole("status")).toContainText("Call the test URL");
  await expectAccessible(page);
  expect((await send(test_, "d-1", "another secret")).status()).toBe(401);
  expect((await send(test_, "d-1")).status()).toBe(200);
  await expect(panel.getByRole("region", { name: "Items" })).toContainText('"id": "17"');
  expect((await send(test_, "d-2")).status()).toBe(404);
  await panel.getByRole("button", { name: "Run with this" }).click();
  await expectState(page, "End", "succeeded");

  const live = ((await page.getByTestId("webhook-url").textContent()) ?? "").replace(":id", "18");
  expect((await send(live, "d-3")).status()).toBe(404);
  await call(`/api/workflows/${String(id)}/publish`, {});
  const answers = await Promise.all([1, 2, 3].map(() => send(live, "d-3")));
  const bodies = await Promise.all(answers.map((answer) => answer.text()));
  expect(answers.map((answer) => answer.status())).toEqual([200, 200, 200]);
  expect(new Set(bodies).size).toBe(1);
  expect(JSON.parse(bodies[0] ?? "")).toMatchObject({ params: { id: "18" }, method: "PUT", body: { order: 7 } });
  const { items } = (await call(`/api/executions?workflowId=${String(id)}&trigger=webhook`)) as { items: unknown[] };
  expect(items).toHaveLength(1);
});
