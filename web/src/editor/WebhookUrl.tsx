import { useSession } from "../api/session";
import type { WorkflowNode } from "../graph/document";
import { strings } from "../strings";
import { CopyButton } from "../ui/CopyButton";
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
  const { origin } = window.location;
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
        url={testUrl(published ? new URL(published).origin : origin, slug, path)}
        copy={t.copyTestUrl}
        id="webhook-test-url"
      />
    </div>
  );
}

interface AddressProps {
  title: string;
  methods: string[];
  url: string;
  copy: string;
  id: string;
}

function Address({ title, methods, url, copy, id }: AddressProps) {
  return (
    <div>
      <div className="mb-1 font-medium text-xs">{title}</div>
      <div className="flex items-center gap-1.5">
        <span className="rounded-sm bg-surface-3 px-1.5 py-0.5 font-medium font-mono text-2xs text-ink-2">
          {methods.join(" ")}
        </span>
        <code className="min-w-0 flex-1 break-all font-mono text-xs" data-testid={id}>
          {url}
        </code>
        <CopyButton text={url} label={copy} />
      </div>
    </div>
  );
}
