import { useSession } from "../api/session";
import type { WorkflowNode } from "../graph/document";
import { strings } from "../strings";
import { CopyButton } from "../ui/CopyButton";
import { useEditor } from "./store";

const t = strings.editor;

/** Where visitors find the form, ready to copy or to open: as published, or as it will be. */
export function FormUrl({ node }: { node: WorkflowNode }) {
  const slug = useSession((session) => session.tenant?.slug ?? "");
  const webhooks = useEditor((state) => state.webhooks);
  const path = typeof node.params.path === "string" ? node.params.path : "";
  const live = webhooks.find((entry) => entry.nodeId === node.id && entry.path === path && entry.method === "FORM");
  const url = live?.url ?? `${window.location.origin}/forms/${slug}/${path}`;
  return (
    <div className="rounded-lg border border-line bg-surface-2 p-3">
      <div className="mb-1 font-medium text-xs">{t.formUrl}</div>
      <div className="flex items-center gap-1.5">
        <code className="min-w-0 flex-1 break-all font-mono text-xs" data-testid="form-url">
          {url}
        </code>
        {live && (
          <a href={url} target="_blank" rel="noreferrer" className="font-medium text-accent text-xs hover:underline">
            {t.openForm}
          </a>
        )}
        <CopyButton text={url} label={t.copyUrl} />
      </div>
      {!live && <p className="mt-1.5 text-warn text-xs">{t.formUnpublished}</p>}
    </div>
  );
}
