import { Hourglass } from "lucide-react";
import { Link } from "react-router";
import { useApproval, useApprovalOf } from "../api/queries";
import type { Waiting } from "../api/types";
import { DecisionForm } from "../pages/DecisionForm";
import { strings } from "../strings";
import { dateTime } from "../ui/time";
import type { NodeRunState } from "./state";

const t = strings.run;

interface WaitingCardProps {
  executionId: string;
  run: NodeRunState;
  waiting: Waiting;
}

/** What a node waits for, until when, and the way to what ends it. */
export function WaitingCard({ executionId, run, waiting }: WaitingCardProps) {
  const until = waiting.until
    ? t.waitsUntil(dateTime(waiting.until))
    : waiting.expiresAt && t.waitsAtMost(dateTime(waiting.expiresAt));
  return (
    <div className="mx-4 mb-3 flex gap-2 overflow-y-auto rounded-lg border border-accent-line bg-accent-soft p-3 text-sm">
      <Hourglass size={16} className="mt-0.5 shrink-0 text-accent" aria-hidden />
      <div className="min-w-0 flex-1">
        <div className="font-medium">
          {waiting.executions === undefined ? t.waiting[waiting.kind] : t.waitsForExecutions(waiting.executions)}
        </div>
        {waiting.title && <div className="break-words text-ink-2">{waiting.title}</div>}
        {until && <div className="text-ink-2 text-xs">{until}</div>}
        {waiting.kind === "form" && waiting.url && (
          <a
            href={waiting.url}
            target="_blank"
            rel="noreferrer"
            className="mt-1 inline-block font-medium text-accent hover:underline"
          >
            {t.toForm}
          </a>
        )}
        {waiting.kind === "workflow" && <Called waiting={waiting} />}
        {waiting.kind === "approval" && (
          <ApprovalHere executionId={executionId} nodeId={run.nodeId} iteration={run.iteration} />
        )}
      </div>
    </div>
  );
}

/** The executions that are waited for: the first ones, and how many more there are. */
function Called({ waiting }: { waiting: Waiting }) {
  const ids = waiting.executionIds ?? (waiting.executionId ? [waiting.executionId] : []);
  const more = (waiting.executions ?? ids.length) - ids.length;
  return (
    <>
      {waiting.workflowName && <div className="break-words text-ink-2">{waiting.workflowName}</div>}
      <div className="mt-1 flex flex-wrap gap-x-3">
        {ids.map((id, index) => (
          <Link key={id} to={`/executions/${id}`} className="font-medium text-accent hover:underline">
            {ids.length === 1 ? t.toExecution : t.toExecutionOf(index)}
          </Link>
        ))}
        {more > 0 && <span className="text-ink-2">{t.moreExecutions(more)}</span>}
      </div>
    </>
  );
}

/** The decision that is waited for, to be taken here by who may; the way to its page for everybody. */
function ApprovalHere({ executionId, nodeId, iteration }: { executionId: string; nodeId: string; iteration: string }) {
  const { data } = useApprovalOf(executionId, nodeId, iteration);
  if (!data) return null;
  return (
    <>
      <Link to={`/approvals/${data.id}`} className="mt-1 inline-block font-medium text-accent hover:underline">
        {t.toApproval}
      </Link>
      {data.canDecide && <Deciding id={data.id} />}
    </>
  );
}

function Deciding({ id }: { id: string }) {
  const { data } = useApproval(id);
  if (!data?.canDecide) return null;
  return (
    <>
      {data.message && <p className="mt-1 whitespace-pre-wrap break-words text-ink-2">{data.message}</p>}
      <div className="mt-3 rounded-md border border-line bg-surface p-3">
        <DecisionForm approval={data} />
      </div>
    </>
  );
}
