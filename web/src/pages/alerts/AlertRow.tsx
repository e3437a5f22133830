import { Check, CircleAlert, CircleCheck, Eye } from "lucide-react";
import { Link } from "react-router";
import { type Alert, useAcknowledge, useResolveAlert } from "../../api/alerts";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { cx } from "../../ui/cx";
import { messageOf } from "../../ui/message";
import { ago } from "../../ui/time";
import { toast } from "../../ui/toasts";

const t = strings.alerts;
const ICONS = { open: CircleAlert, acknowledged: Eye, resolved: CircleCheck };
const TONES = { open: "text-bad", acknowledged: "text-warn", resolved: "text-ok" };

/** An alert in the list: what is the case, what is known of it, and what can be done. */
export function AlertRow({ alert, mayAct }: { alert: Alert; mayAct: boolean }) {
  const acknowledge = useAcknowledge();
  const resolve = useResolveAlert();
  const Icon = ICONS[alert.state];
  const act = async (work: Promise<unknown>) => {
    try {
      await work;
    } catch (error) {
      toast({ tone: "bad", title: t.failed, detail: messageOf(error).detail });
    }
  };
  const facts = alert.facts as { type?: string; message?: string; executionId?: string };
  return (
    <li className="flex gap-3 px-4 py-3">
      <Icon size={18} aria-hidden className={cx("mt-0.5 shrink-0", TONES[alert.state])} />
      <div className="min-w-0 flex-1">
        <div className="wrap-anywhere font-medium text-sm">
          <span className="sr-only">{t.state[alert.state]}: </span>
          {alert.summary}
        </div>
        {facts.message && (
          <p className="wrap-anywhere mt-0.5 line-clamp-2 text-ink-2 text-xs">
            {facts.type && <span className="font-mono">{facts.type}: </span>}
            {facts.message}
          </p>
        )}
        <p className="mt-1 flex flex-wrap gap-x-3 gap-y-0.5 text-ink-3 text-xs">
          <span>{t.opened(ago(alert.openedAt))}</span>
          {alert.lastAt !== alert.openedAt && <span>{t.lastSeen(ago(alert.lastAt))}</span>}
          {alert.times > 1 && <span>{t.times(alert.times)}</span>}
          {alert.state === "acknowledged" && <span>{t.acknowledgedBy(alert.acknowledgedBy ?? t.somebody)}</span>}
          {alert.resolution && <span>{t.resolution[alert.resolution]}</span>}
          <span>{t.rule(alert.ruleName)}</span>
          {facts.executionId ? (
            <Link className="text-accent underline" to={`/executions/${facts.executionId}`}>
              {t.execution}
            </Link>
          ) : (
            alert.workflowId && (
              <Link className="text-accent underline" to={`/workflows/${alert.workflowId}`}>
                {t.workflow}
              </Link>
            )
          )}
        </p>
        {mayAct && alert.state !== "resolved" && (
          <div className="mt-2 flex flex-wrap gap-2">
            {alert.state === "open" && (
              <Button
                size="sm"
                icon={<Eye size={13} aria-hidden />}
                aria-label={t.acknowledgeOf(alert.summary)}
                busy={acknowledge.isPending}
                onClick={() => void act(acknowledge.mutateAsync(alert.id))}
              >
                {t.acknowledge}
              </Button>
            )}
            <Button
              size="sm"
              icon={<Check size={13} aria-hidden />}
              aria-label={t.resolveOf(alert.summary)}
              busy={resolve.isPending}
              onClick={() => void act(resolve.mutateAsync(alert.id))}
            >
              {t.resolve}
            </Button>
          </div>
        )}
      </div>
    </li>
  );
}
