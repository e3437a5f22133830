import { Link } from "react-router";
import { useEnvironments } from "../api/environments";
import { useChangeSchedule } from "../api/queries";
import type { Poll } from "../api/types";
import { strings } from "../strings";
import { messageOf, sentences } from "../ui/message";
import { StatusIcon } from "../ui/Status";
import { Switch } from "../ui/Switch";
import { ago } from "../ui/time";
import { toast } from "../ui/toasts";
import { cronWords } from "./cronWords";

const t = strings.listening;

/** Triggers that poll, below the schedules: when they asked, what is wrong, and pausing them. */
export function PollList({ polls }: { polls: Poll[] }) {
  return (
    <section aria-labelledby="polls-title" className="mt-6">
      <h2 id="polls-title" className="px-4 font-semibold text-sm">
        {t.polls}
      </h2>
      <p className="px-4 pb-2 text-ink-3 text-xs">{t.pollsText}</p>
      <ul className="divide-y divide-line border-line border-t">
        {polls.map((poll) => (
          <PollRow key={poll.id} poll={poll} />
        ))}
      </ul>
    </section>
  );
}

function PollRow({ poll }: { poll: Poll }) {
  const change = useChangeSchedule();
  const several = (useEnvironments().data?.length ?? 1) > 1;
  const name = several ? strings.schedules.inPlace(poll.workflowName, poll.environmentName) : poll.workflowName;
  const toggle = (enabled: boolean) =>
    change.mutate(
      { id: poll.id, enabled },
      {
        onSuccess: () => toast({ tone: "ok", title: (enabled ? t.resumedToast : t.pausedToast)(poll.nodeName) }),
        onError: (error) => {
          const { title, detail } = messageOf(error);
          const text = sentences(title, detail);
          toast({ tone: "bad", title: strings.schedules.changeFailed, detail: text });
        },
      },
    );
  const last = poll.lastExecution;
  const error = poll.lastError as { message?: string; remedy?: string } | null;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3 hover:bg-surface-2">
      <div className="min-w-0 flex-1 basis-56">
        <Link
          to={`/workflows/${poll.workflowId}?node=${poll.nodeId}`}
          className="block truncate font-medium hover:underline"
        >
          {poll.workflowName}
        </Link>
        <div className="truncate text-ink-3 text-xs">
          {several && `${poll.environmentName} · `}
          {poll.nodeName}, {cronWords(poll.expression)}
        </div>
      </div>
      <div className="min-w-0 basis-44 text-ink-2 text-xs">
        {!poll.workflowEnabled
          ? t.workflowOff
          : !poll.enabled
            ? t.paused
            : poll.lastPolledAt
              ? t.polled(ago(poll.lastPolledAt))
              : t.neverPolled}
      </div>
      <div className="min-w-0 basis-40 text-xs">
        {last ? (
          <Link to={`/executions/${last.id}`} className="inline-flex items-center gap-1.5 text-ink-2 hover:underline">
            <StatusIcon status={last.status} size={13} />
            {strings.schedules.last(strings.status[last.status] ?? last.status, ago(last.startedAt))}
          </Link>
        ) : (
          <span className="text-ink-3">{strings.schedules.neverRan}</span>
        )}
      </div>
      <div className="ml-auto">
        <Switch checked={poll.enabled} onChange={toggle} label={t.toggle(name, poll.nodeName)} />
      </div>
      {poll.failures > 0 && (
        <p className="basis-full break-words text-bad text-xs">
          {t.failing(poll.failures)}. {error?.message} {error?.remedy}
          {poll.retryAt && Date.parse(poll.retryAt) > Date.now() ? ` ${t.retry(ago(poll.retryAt))}` : ""}
        </p>
      )}
    </li>
  );
}
