/** Test calls of a published workflow's triggers. */

import { useMutation } from "@tanstack/react-query";
import { client, dataOf } from "./client";
import type { components } from "./schema";

export type TriggerCheck = components["schemas"]["TriggerCheckResponse"];

/** Calls each trigger once and gives what was found. Raises an `ApiError`. */
export const testTriggers = async (id: string): Promise<TriggerCheck[]> => {
  const answer = await dataOf(
    client.POST("/api/workflows/{workflow_id}/triggers/test-calls", { params: { path: { workflow_id: id } } }),
  );
  return answer.items;
};

export const useTriggerChecks = (id: string) => useMutation({ mutationFn: () => testTriggers(id) });
