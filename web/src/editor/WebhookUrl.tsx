import { useSession } from "../api/session";
import type { WorkflowNode } from "../graph/document";
import { strings } from "../strings";
import { CopyButton } from "../ui/CopyButton";
import { useEditor } from "./store";

const t = strings.editor;

/** Where to send requests, ready to copy: as published, or as it will be. */
export function WebhookUrl({ node }: { node: WorkflowNode }) {
  const slug = useSession((session) => session.tenant?.slug ?? "");
  const webhooks = useEditor((state) => state.webhooks);
  const path = typeof node.params.path === "string" ? node.params.path : "";
  const method = typeof node.params.method === "string" ? node.params.method : "POST";
  const live = webhooks.find((entry) => entry.nodeId === node.id && entry.path === path && entry.method === method);
  const url = live?.url ?? `${window.location.origin}/hooks/${slug}/${path}`;
  return (
    <div className="rounded-lg border border-line bg-surface-2 p-3">
      <div className="mb-1 font-medium text-xs">{t.webhookUrl}</div>
      <div className="flex items-center gap-1.5">
        <span className="rounded-sm bg-surface-3 px-1.5 py-0.5 font-medium font-mono text-2xs text-ink-2">
          {method}
        </span>
        <code className="min-w-0 flex-1 break-all font-mono text-xs" data-testid="webhook-url">
          {url}
        </code>
        <CopyButton text={url} label={t.copyUrl} />
      </div>
      {!live && <p className="mt-1.5 text-warn text-xs">{t.webhookUnpublished}</p>}
    </div>
  );
}
