import { Link } from "react-router";
import { useStatus } from "../../api/alerts";
import { strings } from "../../strings";
import { Empty, Failed, LoadingRows } from "../../ui/States";
import { ago } from "../../ui/time";
import { HealthMark } from "./HealthMark";

const t = strings.alerts;

/** How the workflows are, those in trouble first. */
export function HealthList() {
  const found = useStatus();
  if (found.isPending) return <LoadingRows rows={4} />;
  if (found.isError) return <Failed error={found.error} onRetry={() => void found.refetch()} />;
  if (found.data.items.length === 0) return <Empty title={t.noWorkflows}>{t.noWorkflowsText}</Empty>;
  return (
    <>
      <p className="border-line border-b px-4 py-2.5 font-medium text-sm">{t.summary(found.data.trouble)}</p>
      <ul className="divide-y divide-line">
        {found.data.items.map((one) => (
          <li key={one.workflowId} className="flex items-center gap-3 px-4 py-2.5">
            <div className="min-w-0 flex-1">
              <Link className="wrap-anywhere font-medium text-sm hover:underline" to={`/workflows/${one.workflowId}`}>
                {one.name}
              </Link>
              <p className="text-ink-3 text-xs">
                {one.lastSuccessAt ? t.lastSuccess(ago(one.lastSuccessAt)) : t.neverSucceeded}
                {one.openAlerts > 0 && ` · ${t.openAlerts(one.openAlerts)}`}
              </p>
            </div>
            <HealthMark state={one.state} />
          </li>
        ))}
      </ul>
    </>
  );
}
