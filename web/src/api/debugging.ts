/** Debug runs: what waits at stops, and how it goes on. */

import type { Breakpoint } from "../graph/breakpoints";
import type { Item } from "../graph/document";
import { client, dataOf, given } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Stop = Schemas["StopSummary"];
export type StopAction = Schemas["GoOnRequest"]["action"];
export type Ports = Record<string, Item[]>;
export interface StopDetail extends Stop {
  inputs: Ports;
}

const ofStop = (executionId: string, stopId: string) => ({
  params: { path: { execution_id: executionId, stop_id: stopId } },
});

export const listStops = (executionId: string, signal?: AbortSignal) =>
  dataOf(
    client.GET("/api/executions/{execution_id}/stops", {
      params: { path: { execution_id: executionId } },
      ...given(signal),
    }),
  );

export async function getStop(executionId: string, stopId: string, signal?: AbortSignal): Promise<StopDetail> {
  const where = { ...ofStop(executionId, stopId), ...given(signal) };
  return (await dataOf(client.GET("/api/executions/{execution_id}/stops/{stop_id}", where))) as StopDetail;
}

export async function goOn(
  executionId: string,
  stopId: string,
  action: StopAction,
  items: Ports | null,
): Promise<void> {
  const body = { action, ...(items ? { items: items as Record<string, never[]> } : {}) };
  await dataOf(
    client.POST("/api/executions/{execution_id}/stops/{stop_id}/go-on", { ...ofStop(executionId, stopId), body }),
  );
}

export async function evaluateAt(
  executionId: string,
  stopId: string,
  text: string,
  index: number,
  items: Ports | null,
): Promise<Schemas["EvaluateResponse"]> {
  const body = { text, index, ...(items ? { items: items as Record<string, never[]> } : {}) };
  return dataOf(
    client.POST("/api/executions/{execution_id}/stops/{stop_id}/evaluate", { ...ofStop(executionId, stopId), body }),
  );
}

export async function setBreakpoints(executionId: string, breakpoints: Breakpoint[], onError: boolean): Promise<void> {
  const params = { path: { execution_id: executionId } };
  await dataOf(client.PUT("/api/executions/{execution_id}/stops", { params, body: { breakpoints, onError } }));
}
