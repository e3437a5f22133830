import { useQuery } from "@tanstack/react-query";
import { getWorkflow } from "../api/endpoints";
import { keys } from "../api/queries";
import type { WorkflowNode } from "../graph/document";
import { strings } from "../strings";
import { Address } from "./Address";
import { useEditor } from "./store";

const t = strings.editor;

/** The address that people write into the settings of a provider, once the workflow is published. */
export function AppUrl({ node }: { node: WorkflowNode }) {
  const workflowId = useEditor((state) => state.workflowId);
  const version = useEditor((state) => state.publishedVersion);
  const { data } = useQuery({
    queryKey: [...keys.schedules, "address", workflowId, version, node.id],
    queryFn: async ({ signal }) => {
      const { registrations } = await getWorkflow(workflowId, signal);
      return registrations.find((one) => one.nodeId === node.id && one.status === "active")?.url ?? null;
    },
    enabled: workflowId !== "",
  });
  return (
    <div className="rounded-lg border border-line bg-surface-2 p-3">
      {data ? (
        <Address title={t.appUrl} url={data} copy={t.copyUrl} id="app-url" />
      ) : (
        <p className="text-warn text-xs">{t.appUnpublished}</p>
      )}
    </div>
  );
}
