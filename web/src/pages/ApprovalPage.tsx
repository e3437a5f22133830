import { ChevronLeft } from "lucide-react";
import { Link, useParams } from "react-router";
import { useApproval } from "../api/queries";
import type { Approval } from "../api/types";
import { strings } from "../strings";
import { Failed, LoadingRows } from "../ui/States";
import { ago, dateTime } from "../ui/time";
import { ApprovalBadge } from "./ApprovalBadge";
import { DecisionForm } from "./DecisionForm";
import { HandOver } from "./HandOver";

const t = strings.approvals;

/** `/approvals/:id` */
export function ApprovalPage() {
  const { id = "" } = useParams();
  const query = useApproval(id);
  return (
    <div className="mx-auto w-full max-w-2xl px-4 py-6 sm:px-8 sm:py-9">
      <Link to="/approvals" className="mb-3 inline-flex items-center gap-1 text-ink-2 text-sm hover:text-ink">
        <ChevronLeft size={16} aria-hidden />
        {t.back}
      </Link>
      {query.isPending && (
        <div className="rounded-xl border border-line bg-surface shadow-xs">
          <LoadingRows rows={3} />
        </div>
      )}
      {query.isError && <Failed error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && <Loaded key={query.data.id} approval={query.data} />}
    </div>
  );
}

function Loaded({ approval }: { approval: Approval }) {
  return (
    <>
      <div className="mb-4">
        <div className="flex flex-wrap items-start gap-3">
          <h1 className="min-w-0 flex-1 break-words font-semibold text-xl tracking-tight">{approval.title}</h1>
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
