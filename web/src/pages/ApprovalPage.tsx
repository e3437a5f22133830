import { useEffect, useRef } from "react";
import { Link, useParams } from "react-router";
import { useApproval } from "../api/queries";
import type { Approval } from "../api/types";
import { strings } from "../strings";
import { Failed, LoadingRows } from "../ui/States";
import { ago, dateTime } from "../ui/time";
import { ApprovalBadge } from "./ApprovalBadge";
import { DecisionForm } from "./DecisionForm";
import { HandOver } from "./HandOver";
import { BackLink } from "./PageFrame";

const t = strings.approvals;

/** `/approvals/:id` */
export function ApprovalPage() {
  const { id = "" } = useParams();
  const query = useApproval(id);
  return (
    <div className="mx-auto w-full max-w-2xl px-4 py-6 sm:px-8 sm:py-9">
      <BackLink to="/approvals" label={t.back} />
      {!query.data && (
        <>
          <h1 className="mb-4 font-semibold text-xl tracking-tight">{t.one}</h1>
          <div className="rounded-xl border border-line bg-surface shadow-xs">
            {query.isPending && <LoadingRows rows={3} />}
            {query.isError && (
              <Failed
                error={query.error}
                onRetry={() => void query.refetch()}
                out={{ to: "/approvals", label: t.back }}
              />
            )}
          </div>
        </>
      )}
      {query.data && <Loaded key={query.data.id} approval={query.data} />}
    </div>
  );
}

function Loaded({ approval }: { approval: Approval }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const could = useRef(approval.canDecide);
  // What had the focus is gone with the form once there is nothing more to decide.
  useEffect(() => {
    if (could.current && !approval.canDecide) heading.current?.focus();
    could.current = approval.canDecide;
  }, [approval.canDecide]);
  return (
    <>
      <div className="mb-4">
        <div className="flex flex-wrap items-start gap-3">
          <h1
            ref={heading}
            tabIndex={-1}
            className="wrap-anywhere min-w-0 flex-1 font-semibold text-xl tracking-tight outline-none"
          >
            {approval.title}
          </h1>
          <ApprovalBadge state={approval.state} />
        </div>
        <p className="mt-1 flex flex-wrap gap-x-3 text-ink-2 text-sm">
          <span>{approval.workflowName}</span>
          <span title={dateTime(approval.createdAt)}>{t.asked(ago(approval.createdAt))}</span>
          {approval.state === "open" && approval.expiresAt && <span>{t.until(dateTime(approval.expiresAt))}</span>}
          <Link
            to={`/executions/${approval.executionId}?node=${encodeURIComponent(approval.nodeId)}`}
            className="font-medium text-accent hover:underline"
          >
            {t.execution}
          </Link>
        </p>
      </div>
      <div className="space-y-5 rounded-xl border border-line bg-surface p-4 shadow-xs sm:p-6">
        {approval.message && (
          <section aria-label={t.details}>
            <p className="whitespace-pre-wrap break-words text-ink">{approval.message}</p>
          </section>
        )}
        <p className="text-ink-2 text-sm">
          {approval.approvers.length > 0 ? t.who(approval.approvers.join(", ")) : t.whoAnyone}
          {approval.required > 1 && ` ${t.progress(approval.approvals, approval.required)}.`}
        </p>
        {approval.canDecide && <DecisionForm approval={approval} />}
        {approval.canDecide && <HandOver approval={approval} />}
        {approval.state === "open" && !approval.canDecide && (
          <p className="rounded-md bg-surface-3 px-3 py-2 text-ink-2 text-sm">
            {approval.decisions.length > 0 ? t.youDecided : t.notYou}
          </p>
        )}
        {approval.decisions.length > 0 && <Decisions approval={approval} />}
      </div>
    </>
  );
}

function Decisions({ approval }: { approval: Approval }) {
  const labels = new Map(approval.form.map((field) => [field.name, field.label]));
  return (
    <section aria-label={t.decisions}>
      <h2 className="mb-2 font-medium text-sm">{t.decisions}</h2>
      <ul className="space-y-3">
        {approval.decisions.map((one) => (
          <li key={one.decidedBy} className="text-sm">
            <div className="flex flex-wrap items-center gap-x-2">
              <span className="font-medium">{one.decidedBy}</span>
              <span className={one.decision === "approve" ? "text-ok" : "text-bad"}>{t.said[one.decision]}</span>
              <span className="text-ink-3 text-xs" title={dateTime(one.decidedAt)}>
                {ago(one.decidedAt)}
              </span>
            </div>
            {one.comment && <p className="whitespace-pre-wrap break-words text-ink-2">{one.comment}</p>}
            {Object.keys(one.form).length > 0 && (
              <dl className="mt-1 grid grid-cols-[auto_1fr] gap-x-3 text-xs">
                {Object.entries(one.form).map(([name, answer]) => (
                  <div key={name} className="contents">
                    <dt className="text-ink-3">{labels.get(name) ?? name}</dt>
                    <dd className="min-w-0 break-words">{shown(answer)}</dd>
                  </div>
                ))}
              </dl>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function shown(answer: unknown): string {
  if (answer === null || answer === undefined) return t.none;
  if (typeof answer === "boolean") return answer ? t.yes : t.no;
  return String(answer);
}
