import { useSession } from "../api/session";
import type { WorkflowNode } from "../graph/document";
import { strings } from "../strings";
import { CopyButton } from "../ui/CopyButton";
import { Address } from "./Address";
import { chatUrl, pathOf } from "./hookUrls";
import { useEditor } from "./store";

const t = strings.chat;

/** Where visitors find the chat, as published or as it will be, and the lines that show it in another page. */
export function ChatUrl({ node }: { node: WorkflowNode }) {
  const slug = useSession((session) => session.tenant?.slug ?? "");
  const webhooks = useEditor((state) => state.webhooks);
  const path = pathOf(node);
  const live = webhooks.find((entry) => entry.nodeId === node.id && entry.path === path && entry.method === "CHAT");
  const origin = useEditor((state) => state.contentOrigin);
  const url = live?.url ?? chatUrl(origin, slug, path);
  const lines = `<script src="${url}/~embed.js" async></script>`;
  const framed = String(node.params.embed ?? "").trim() !== "";
  return (
    <div className="space-y-2 rounded-lg border border-line bg-surface-2 p-3">
      <Address title={t.url} url={url} copy={t.copyUrl} open={live ? t.open : null} id="chat-url" />
      {!live && <p className="text-warn text-xs">{t.unpublished}</p>}
      <div>
        <div className="mb-1 font-medium text-xs">{t.embed}</div>
        {framed ? (
          <div className="flex items-center gap-1.5">
            <code className="min-w-0 flex-1 break-all font-mono text-xs" data-testid="chat-embed">
              {lines}
            </code>
            <CopyButton text={lines} label={t.copyEmbed} />
          </div>
        ) : (
          <p className="text-ink-3 text-xs">{t.embedText}</p>
        )}
      </div>
    </div>
  );
}
