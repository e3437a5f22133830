import { Link } from "react-router";
import { useCredentialUses } from "../api/queries";
import type { CredentialUse } from "../api/types";
import { strings } from "../strings";
import { Button } from "../ui/Button";
import { inWords } from "../ui/message";
import { LoadingRows } from "../ui/States";

const t = strings.credentials.uses;
const SHOWN = 8;

/** Who uses a credential: workflows with their nodes, and the APIs that it is sent to. */
export function CredentialUses({ id }: { id: string }) {
  const query = useCredentialUses(id);
  const shown = query.data?.workflows.slice(0, SHOWN) ?? [];
  const more = (query.data?.total ?? 0) - shown.length;
  return (
    <section aria-label={t.title} className="rounded-lg border border-line bg-surface-2 p-3">
      <h3 className="font-medium text-sm">{t.title}</h3>
      {query.isPending && <LoadingRows rows={1} />}
      {query.isError && (
        <div role="alert" className="mt-1 flex flex-wrap items-center gap-2 text-bad text-xs">
          <span className="min-w-0 flex-1">{inWords(query.error)}</span>
          <Button size="sm" onClick={() => void query.refetch()}>
            {strings.common.retry}
          </Button>
        </div>
      )}
      {query.data?.total === 0 && query.data.hidden === 0 && query.data.credentials.length === 0 && (
        <p className="mt-0.5 text-ink-2 text-xs">{t.none}</p>
      )}
      {shown.length > 0 && (
        <ul className="mt-1.5 space-y-1.5">
          {shown.map((use) => (
            <Use key={use.workflowId} use={use} />
          ))}
        </ul>
      )}
      {more > 0 && <p className="mt-1.5 text-ink-3 text-xs">{t.more(more)}</p>}
      {query.data && query.data.hidden > 0 && (
        <p className="mt-1.5 text-ink-2 text-xs">{t.hidden(query.data.hidden)}</p>
      )}
      {query.data && query.data.credentials.length > 0 && (
        <p className="mt-0.5 wrap-anywhere text-ink-2 text-xs">
          {t.credentials(query.data.credentials.map(({ name }) => name))}
        </p>
      )}
      {query.data && query.data.apis.length > 0 && (
        <p className="mt-1.5 text-ink-2 text-xs">{t.apis(query.data.apis.map(({ name }) => name))}</p>
      )}
    </section>
  );
}

function Use({ use }: { use: CredentialUse }) {
  const nodes = use.nodes.map(({ name, tool }) => (tool ? t.tool(name) : name)).join(", ");
  return (
    <li className="text-xs">
      <div className="flex items-baseline gap-2">
        <Link
          to={`/workflows/${use.workflowId}`}
          className="min-w-0 truncate font-medium text-accent text-sm hover:underline"
        >
          {use.workflowName}
        </Link>
        <span className="shrink-0 text-ink-2">{stateOf(use)}</span>
      </div>
      {nodes && <div className="wrap-anywhere text-ink-3">{nodes}</div>}
    </li>
  );
}

function stateOf(use: CredentialUse): string {
  if (use.live) return use.enabled ? t.live : t.off;
  return use.draft ? t.draft : t.older(use.versions);
}
