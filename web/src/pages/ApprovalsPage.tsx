import { ListFilter, UserCheck } from "lucide-react";
import { Link, useSearchParams } from "react-router";
import { useEnvironmentName } from "../api/environments";
import { useApprovals } from "../api/queries";
import { type Release, useWaiting } from "../api/releases";
import type { ApprovalState, ApprovalSummary } from "../api/types";
import { strings } from "../strings";
import { Button } from "../ui/Button";
import { Select } from "../ui/Select";
import { Empty, Failed, LoadingRows } from "../ui/States";
import { ago, dateTime } from "../ui/time";
import { ApprovalBadge } from "./ApprovalBadge";
import { PageFrame } from "./PageFrame";

const t = strings.approvals;
/** Stands in the address for all states; without it the open ones are shown. */
const ANY = "any";

export function ApprovalsPage() {
  const [params, setParams] = useSearchParams();
  const chosen = params.get("state") ?? "open";
  const state = chosen in t.states ? (chosen as ApprovalState) : "";
  const query = useApprovals(state);
  const asked = useWaiting().data ?? [];
  const waiting = state === "open" ? asked : [];
  const approvals = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <PageFrame
      title={t.title}
      intro={t.intro}
      tools={
        <Select
          label={t.filterState}
          value={state || ANY}
          onChange={(value) => setParams(value === "open" ? {} : { state: value }, { replace: true })}
          options={[
            ...Object.entries(t.states).map(([value, label]) => ({ value, label })),
            { value: ANY, label: t.any },
          ]}
          className="max-w-40"
        />
      }
    >
      <WaitingVersions waiting={waiting} />
      {query.isPending && <LoadingRows rows={4} />}
      {query.isError && <Failed error={query.error} onRetry={() => void query.refetch()} />}
      {query.isSuccess && approvals.length === 0 && waiting.length === 0 && <NoApprovals open={state === "open"} />}
      {approvals.length > 0 && (
        <ul className="divide-y divide-line">
          {approvals.map((approval) => (
            <ApprovalRow key={approval.id} approval={approval} />
          ))}
        </ul>
      )}
      {query.hasNextPage && (
        <div className="flex justify-center border-line border-t p-3">
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {strings.common.loadMore}
          </Button>
        </div>
      )}
    </PageFrame>
  );
}

/** Versions that somebody asks to make live; nothing where none waits. */
function WaitingVersions({ waiting }: { waiting: readonly Release[] }) {
  const nameOf = useEnvironmentName();
  if (waiting.length === 0) return null;
  return (
    <section aria-label={strings.releases.waiting} className="border-line border-b bg-warn-soft">
      <h2 className="px-4 pt-3 font-semibold text-sm">{strings.releases.count(waiting.length)}</h2>
      <ul className="divide-y divide-line">
        {waiting.map((one) => (
          <li key={one.id} className="relative flex items-center gap-3 px-4 py-3">
            <div className="min-w-0 flex-1">
              <Link
                to={`/workflows/${one.workflowId}?versions`}
                className="wrap-anywhere font-medium text-ink after:absolute after:inset-0"
              >
                {one.workflowName}:{" "}
                {strings.releases.asks(strings.versions.short(one.version, one.versionName), nameOf(one.environment))}
              </Link>
              <div className="wrap-anywhere mt-0.5 line-clamp-3 text-ink-2 text-xs" title={dateTime(one.askedAt)}>
                {[strings.releases.by(one.asker ?? strings.releases.gone, ago(one.askedAt)), one.note]
                  .filter(Boolean)
                  .join(" · ")}
              </div>
            </div>
            {one.canDecide && (
              <span className="whitespace-nowrap rounded-full bg-accent px-2 py-0.5 font-medium text-on-accent text-xs">
                {t.forYou}
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function NoApprovals({ open }: { open: boolean }) {
  return (
    <Empty icon={open ? <UserCheck size={20} /> : <ListFilter size={20} />} title={open ? t.emptyTitle : t.noneFound}>
      {open ? t.emptyText : t.noneFoundText}
    </Empty>
  );
}

function ApprovalRow({ approval }: { approval: ApprovalSummary }) {
  const { state, expiresAt, createdAt } = approval;
  return (
    <li className="relative flex items-center gap-3 px-4 py-3 transition-colors hover:bg-surface-2">
      <div className="min-w-0 flex-1">
        <Link
          to={`/approvals/${approval.id}`}
          className="line-clamp-2 break-words font-medium text-ink after:absolute after:inset-0"
        >
          {approval.title}
        </Link>
        <div className="mt-0.5 truncate text-ink-3 text-xs">
          {[
            approval.workflowName,
            ...(approval.required > 1 ? [t.progress(approval.approvals, approval.required)] : []),
            <span key="at" title={dateTime(createdAt)}>
              {t.asked(ago(createdAt))}
            </span>,
          ].flatMap((part, index) => (index ? [" · ", part] : [part]))}
        </div>
      </div>
      <div className="shrink-0 text-right">
        {approval.canDecide ? (
          <span className="whitespace-nowrap rounded-full bg-accent px-2 py-0.5 font-medium text-on-accent text-xs">
            {t.forYou}
          </span>
        ) : (
          <ApprovalBadge state={state} />
        )}
        {state === "open" && expiresAt && (
          <div className="mt-0.5 hidden text-ink-3 text-xs sm:block" title={dateTime(expiresAt)}>
            {ago(expiresAt)}
          </div>
        )}
      </div>
    </li>
  );
}
