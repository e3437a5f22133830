import { Link } from "react-router";
import { useSwitchTrigger, useTriggers } from "../api/queries";
import type { WorkflowNode } from "../graph/document";
import { strings } from "../strings";
import { messageOf, sentences } from "../ui/message";
import { StatusIcon } from "../ui/Status";
import { Switch } from "../ui/Switch";
import { ago, dateTime } from "../ui/time";
import { toast } from "../ui/toasts";
import { useEditor } from "./store";

const t = strings.triggerState;

/** How a trigger of the published version fares, and a switch that turns it off by itself. */
export function TriggerStatus({ node }: { node: WorkflowNode }) {
  const workflowId = useEditor((state) => state.workflowId);
  const version = useEditor((state) => state.publishedVersion);
  const enabled = useEditor((state) => state.enabled);
  const { data, error } = useTriggers(workflowId, version);
  const change = useSwitchTrigger(workflowId);
  const state = data?.find(({ nodeId }) => nodeId === node.id);
  if (version === null) return null;
  if (error) return <p className="text-bad text-xs">{t.failed}</p>;
  if (!state) return null;
  const toggle = (on: boolean) =>
    change.mutate(
      { nodeId: node.id, enabled: on },
      {
        onError: (problem) => {
          const { title, detail } = messageOf(problem);
          toast({ tone: "bad", title: t.notSwitched, detail: sentences(title, detail) });
        },
      },
    );
  const [next] = state.next;
  const last = state.lastExecution;
  return (
    <section aria-label={t.title} className="rounded-lg border border-line bg-surface-2 p-3 text-xs">
      <div className="flex items-center gap-2">
        <span className="flex-1 font-medium">{t.title}</span>
        {state.switchable && (
          <Switch
            checked={change.isPending ? change.variables.enabled : state.enabled}
            onChange={toggle}
            label={t.on}
          />
        )}
      </div>
      <ul className="wrap-anywhere mt-1.5 space-y-1 text-ink-2">
        <li>{!enabled ? t.workflowOff : !state.enabled ? t.off : next ? t.next(ago(next), dateTime(next)) : t.live}</li>
        <li className="flex flex-wrap items-center gap-x-1.5">
          {last ? (
            <Link to={`/executions/${last.id}`} className="inline-flex items-center gap-1.5 hover:underline">
              <StatusIcon status={last.status} size={13} />
              {t.last(strings.status[last.status] ?? last.status, ago(last.startedAt))}
            </Link>
          ) : (
            t.never
          )}
        </li>
        {state.started > 0 && <li>{t.counts(state.started, state.failed)}</li>}
        {state.lastError && (
          <li className="text-bad">
            {t.error(state.lastErrorAt ? ago(state.lastErrorAt) : "", String(state.lastError.message ?? ""))}
          </li>
        )}
        {Boolean(state.missed) && <li className="text-warn">{t.missed(state.missed ?? 0)}</li>}
        {Boolean(state.skipped) && (
          <li className="text-warn">
            {t.skipped(state.skipped ?? 0, state.lastSkip ?? "", state.lastSkippedAt ? ago(state.lastSkippedAt) : "")}
          </li>
        )}
      </ul>
    </section>
  );
}
