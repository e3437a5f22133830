import { CalendarClock, CalendarDays, List } from "lucide-react";
import { lazy, Suspense } from "react";
import { Link, useSearchParams } from "react-router";
import { useEnvironments } from "../api/environments";
import { useChangeSchedule, useSchedules } from "../api/queries";
import type { Schedule } from "../api/types";
import { strings } from "../strings";
import { messageOf, sentences } from "../ui/message";
import { patient } from "../ui/patient";
import { Segmented } from "../ui/Segmented";
import { Empty, Failed, LoadingRows } from "../ui/States";
import { StatusIcon } from "../ui/Status";
import { Switch } from "../ui/Switch";
import { ago, dateTime } from "../ui/time";
import { toast } from "../ui/toasts";
import { cronWords } from "./cronWords";
import { PageFrame } from "./PageFrame";
import { PollList } from "./PollList";

const ScheduleCalendar = lazy(() =>
  patient(() => import("./ScheduleCalendar").then((module) => ({ default: module.ScheduleCalendar }))),
);
const t = strings.schedules;

/** `/schedules`: what fires when, as a list or a calendar. */
export function SchedulesPage() {
  const [params, setParams] = useSearchParams();
  const view = params.get("view") === "calendar" ? "calendar" : "list";
  const query = useSchedules();
  const schedules = query.data?.items ?? [];
  const polls = query.data?.polls ?? [];
  return (
    <PageFrame
      title={t.title}
      aside={
        <Segmented
          label={t.view}
          value={view}
          onChange={(next) => setParams(next === "calendar" ? { view: next } : {}, { replace: true })}
          options={[
            { value: "list", label: t.list, icon: <List size={13} /> },
            { value: "calendar", label: t.calendar, icon: <CalendarDays size={13} /> },
          ]}
        />
      }
    >
      {query.isPending && <LoadingRows rows={5} />}
      {query.isError && <Failed error={query.error} onRetry={() => void query.refetch()} />}
      {query.isSuccess && schedules.length === 0 && polls.length === 0 && (
        <Empty
          icon={<CalendarClock size={20} />}
          title={t.emptyTitle}
          actions={
            <Link to="/workflows" className="font-medium text-accent text-sm hover:underline">
              {t.toWorkflows}
            </Link>
          }
        >
          {t.emptyText}
        </Empty>
      )}
      {schedules.length > 0 && view === "list" && (
        <ul className="divide-y divide-line">
          {schedules.map((schedule) => (
            <ScheduleRow key={schedule.id} schedule={schedule} />
          ))}
        </ul>
      )}
      {schedules.length + polls.length > 0 && view === "calendar" && (
        <Suspense fallback={<LoadingRows rows={5} />}>
          <ScheduleCalendar schedules={schedules} />
        </Suspense>
      )}
      {polls.length > 0 && view === "list" && <PollList polls={polls} />}
    </PageFrame>
  );
}

function ScheduleRow({ schedule }: { schedule: Schedule }) {
  const change = useChangeSchedule();
  const several = (useEnvironments().data?.length ?? 1) > 1;
  const name = several ? t.inPlace(schedule.workflowName, schedule.environmentName) : schedule.workflowName;
  const toggle = (enabled: boolean) =>
    change.mutate(
      { id: schedule.id, enabled },
      {
        onSuccess: () => toast({ tone: "ok", title: (enabled ? t.resumedToast : t.pausedToast)(name) }),
        onError: (error) => {
          const { title, detail } = messageOf(error);
          toast({ tone: "bad", title: t.changeFailed, detail: sentences(title, detail) });
        },
      },
    );
  const [next] = schedule.next;
  const last = schedule.lastExecution;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3 hover:bg-surface-2">
      <div className="min-w-0 flex-1 basis-56">
        <Link
          to={`/workflows/${schedule.workflowId}?node=${schedule.nodeId}`}
          className="block truncate font-medium hover:underline"
        >
          {schedule.workflowName}
        </Link>
        <div className="truncate text-ink-3 text-xs" title={schedule.expression}>
          {several && `${schedule.environmentName} · `}
          {cronWords(schedule.expression)} {t.zone(schedule.timeZone)}
        </div>
      </div>
      <div className="min-w-0 basis-44 text-xs">
        <div className="text-ink-2" title={schedule.next.map(dateTime).join("\n")}>
          {!schedule.workflowEnabled ? t.workflowOff : next ? t.next(ago(next)) : t.paused}
        </div>
        {next && <div className="tabular text-ink-3">{dateTime(next)}</div>}
      </div>
      <div className="min-w-0 basis-40 text-xs">
        {last ? (
          <Link to={`/executions/${last.id}`} className="inline-flex items-center gap-1.5 text-ink-2 hover:underline">
            <StatusIcon status={last.status} size={13} />
            {t.last(strings.status[last.status] ?? last.status, ago(last.startedAt))}
          </Link>
        ) : (
          <span className="text-ink-3">{t.neverRan}</span>
        )}
      </div>
      <div className="ml-auto">
        <Switch checked={schedule.enabled} onChange={toggle} label={t.toggle(name)} />
      </div>
    </li>
  );
}
