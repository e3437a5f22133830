import { useSession } from "../api/session";
import type { WorkflowNode } from "../graph/document";
import { strings } from "../strings";
import { Address } from "./Address";
import { hookUrl, methodsOf, pathOf, testUrl } from "./hookUrls";
import { useEditor } from "./store";

const t = strings.editor;

/** Where to send requests, ready to copy: as published, or as it will be; and for tests. */
export function WebhookUrl({ node }: { node: WorkflowNode }) {
  const slug = useSession((session) => session.tenant?.slug ?? "");
  const webhooks = useEditor((state) => state.webhooks);
  const [path, methods] = [pathOf(node), methodsOf(node)];
  const live = methods.map((method) =>
    webhooks.find((entry) => entry.nodeId === node.id && entry.path === path && entry.method === method),
  );
  const origin = useEditor((state) => state.contentOrigin);
  const published = live.find(Boolean)?.url;
  return (
    <div className="space-y-2 rounded-lg border border-line bg-surface-2 p-3">
      <Address
        title={t.webhookUrl}
        methods={methods}
        url={published ?? hookUrl(origin, slug, path)}
        copy={t.copyUrl}
        id="webhook-url"
      />
      {!live.every(Boolean) && <p className="text-warn text-xs">{t.webhookUnpublished}</p>}
      <Address
        title={t.webhookTestUrl}
        methods={methods}
        url={testUrl(origin, slug, path)}
        copy={t.copyTestUrl}
        id="webhook-test-url"
      />
    </div>
  );
}
