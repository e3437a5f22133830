/** What the workspace's plan allows. Route, and its query hook. */

import { useQuery } from "@tanstack/react-query";
import { client, dataOf } from "./client";
import type { components } from "./schema";

export type Held = components["schemas"]["HeldResponse"];

export const usePlanUsage = () =>
  useQuery({
    queryKey: ["plan-usage"],
    queryFn: ({ signal }) => dataOf(client.GET("/api/tenant/usage", { signal })),
  });
