/** Trying out triggers with code. */

import { client, dataOf } from "./client";
import type { Listen } from "./types";

/** Fetches the newest things of a trigger of the draft, or begins to listen for its first event. */
export async function listenOnce(workflowId: string, nodeId: string): Promise<Listen> {
  const params = { path: { workflow_id: workflowId, node_id: nodeId } };
  const answer = client.POST("/api/workflows/{workflow_id}/triggers/{node_id}/listen", { params });
  return (await dataOf(answer)) as unknown as Listen;
}

const ofListening = (workflow_id: string, listen_id: string) => ({ params: { path: { workflow_id, listen_id } } });

export async function getListening(workflowId: string, id: string): Promise<Listen> {
  const answer = client.GET("/api/workflows/{workflow_id}/listens/{listen_id}", ofListening(workflowId, id));
  return (await dataOf(answer)) as unknown as Listen;
}

/** Ends it, also while the page is being left. */
export async function stopListening(workflowId: string, id: string): Promise<void> {
  const request = { ...ofListening(workflowId, id), keepalive: true };
  await client.DELETE("/api/workflows/{workflow_id}/listens/{listen_id}", request);
}
