import type { WorkflowNode } from "../graph/document";
import { strings } from "../strings";
import { CopyButton } from "../ui/CopyButton";
import { useEditor } from "./store";

/** Where to send requests, ready to copy. */
export function WebhookUrl({ node }: { node: WorkflowNode }) {
  const webhook = useEditor((state) => state.webhooks.find((entry) => entry.nodeId === node.id));
  const published = useEditor((state) => state.publishedVersion !== null);
  const t = strings.editor;
  return (
    <div className="rounded-lg border border-line bg-surface-2 p-3">
      <div className="mb-1 font-medium text-xs">{t.webhookUrl}</div>
      {webhook ? (
        <div className="flex items-center gap-1.5">
          <span className="rounded-sm bg-surface-3 px-1.5 py-0.5 font-medium font-mono text-2xs text-ink-2">
            {webhook.method}
          </span>
          <code className="min-w-0 flex-1 break-all font-mono text-xs" data-testid="webhook-url">
            {webhook.url}
          </code>
          <CopyButton text={webhook.url} label={t.copyUrl} />
        </div>
      ) : (
        <p className="text-ink-3 text-xs">{t.webhookUnsaved}</p>
      )}
      {!published && <p className="mt-1.5 text-warn text-xs">{t.webhookUnpublished}</p>}
    </div>
  );
}
