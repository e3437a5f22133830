import { useSession } from "../api/session";
import type { WorkflowNode } from "../graph/document";
import { strings } from "../strings";
import { Address } from "./Address";
import { formUrl, pathOf, testFormUrl } from "./hookUrls";
import { useListening } from "./listening";
import { useEditor } from "./store";

const t = strings.editor;

/** Where visitors find the form, ready to copy or to open: as published, or as it will be; and where it is tried out. */
export function FormUrl({ node }: { node: WorkflowNode }) {
  const slug = useSession((session) => session.tenant?.slug ?? "");
  const webhooks = useEditor((state) => state.webhooks);
  const waiting = useListening(({ of }) => of[node.id]?.kind === "waiting");
  const path = pathOf(node);
  const live = webhooks.find((entry) => entry.nodeId === node.id && entry.path === path && entry.method === "FORM");
  const origin = useEditor((state) => state.contentOrigin);
  return (
    <div className="space-y-2 rounded-lg border border-line bg-surface-2 p-3">
      <Address
        title={t.formUrl}
        url={live?.url ?? formUrl(origin, slug, path)}
        copy={t.copyFormUrl}
        open={live ? t.openForm : null}
        id="form-url"
      />
      {!live && <p className="text-warn text-xs">{t.formUnpublished}</p>}
      <Address
        title={t.formTestUrl}
        url={testFormUrl(origin, slug, path)}
        copy={t.copyFormTestUrl}
        open={waiting ? t.openTestForm : null}
        id="form-test-url"
      />
    </div>
  );
}
