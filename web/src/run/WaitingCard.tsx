import { Hourglass } from "lucide-react";
import { Link } from "react-router";
import { useApprovalOf } from "../api/queries";
import type { Waiting } from "../api/types";
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
    <div className="mx-4 mb-3 flex gap-2 rounded-lg border border-accent-line bg-accent-soft p-3 text-sm">
      <Hourglass size={16} className="mt-0.5 shrink-0 text-accent" aria-hidden />
      <div className="min-w-0 flex-1">
        <div className="font-medium">{t.waiting[waiting.kind]}</div>
        {waiting.title && <div className="break-words text-ink-2">{waiting.title}</div>}
        {until && <div className="text-ink-2 text-xs">{until}</div>}
        {waiting.kind === "approval" && (
          <ApprovalLink executionId={executionId} nodeId={run.nodeId} iteration={run.iteration} />
        )}
      </div>
    </div>
  );
}

function ApprovalLink({ executionId, nodeId, iteration }: { executionId: string; nodeId: string; iteration: string }) {
  const { data } = useApprovalOf(executionId, nodeId, iteration);
  return data ? (
    <Link to={`/approvals/${data.id}`} className="mt-1 inline-block font-medium text-accent hover:underline">
      {t.toApproval}
    </Link>
  ) : null;
}
