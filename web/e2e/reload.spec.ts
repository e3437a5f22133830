/** A page that is loaded anew while it renews its session, and two tabs that do so at once: nobody is logged out. */
import { expect, test } from "@playwright/test";
import { DEMO, logIn } from "./support";

test("loading anew many times, in two tabs at once, logs nobody out", async ({ page, context }) => {
  await logIn(page, DEMO);
  const other = await context.newPage();
  await other.goto("/workflows");
  await expect(other.getByRole("heading", { name: "Workflows" })).toBeVisible();
  let renewals = 0;
  let refused = 0;
  const renews = (url: string) => url.endsWith("/api/auth/refresh");
  context.on("request", (asked) => {
    if (renews(asked.url())) renewals += 1;
  });
  context.on("response", (answer) => {
    if (renews(answer.url()) && answer.status() !== 200) refused += 1;
  });
  for (const tab of [page, other]) {
    // Each navigation cuts the one before it off, with the renewal that it began.
    await tab.addInitScript(() => {
      const times = Number(sessionStorage.getItem("reloads") ?? "0");
      if (times >= 8) return;
      sessionStorage.setItem("reloads", String(times + 1));
      // As soon as the renewal is under way.
      const send = window.fetch.bind(window);
      window.fetch = (...given: Parameters<typeof fetch>) => {
        const asked = given[0] instanceof Request ? given[0].url : String(given[0]);
        const sent = send(...given);
        if (asked.endsWith("/api/auth/refresh")) location.reload();
        return sent;
      };
    });
  }
  await Promise.all([page.reload(), other.reload()].map((one) => one.catch(() => null)));
  for (const tab of [page, other]) {
    await expect.poll(() => tab.evaluate(() => sessionStorage.getItem("reloads")).catch(() => "")).toBe("8");
    await expect(tab.getByRole("heading", { name: "Workflows" })).toBeVisible();
  }
  expect(renewals).toBeGreaterThanOrEqual(16); // of most, no answer is heard
  expect(refused).toBe(0);
  await page.goto("/executions");
  await expect(page.getByRole("heading", { name: "Executions" })).toBeVisible();
});
