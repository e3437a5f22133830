import { Activity, CalendarClock, CircleX, LayoutTemplate, Sparkles, UserCheck } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { keys, useHome } from "../api/queries";
import type { Home } from "../api/types";
import { useStartTour } from "../editor/tour/useStartTour";
import { useStaleOnNews } from "../live/news";
import { strings } from "../strings";
import { Button } from "../ui/Button";
import { ButtonLink } from "../ui/ButtonLink";
import { cx } from "../ui/cx";
import { Empty, Failed, Skeleton, StillWaiting } from "../ui/States";
import { StatusIcon } from "../ui/Status";
import { ago, dateTime, number } from "../ui/time";
import { DaysChart } from "./DaysChart";
import { toldOf } from "./executions/progress";

const t = strings.home;

/** `/`: what runs, what failed, what comes next. */
export function HomePage() {
  const query = useHome();
  useStaleOnNews(keys.home);
  return (
    <div className="mx-auto w-full max-w-5xl px-4 py-6 sm:px-8 sm:py-9">
      <div className="mb-5 flex items-center justify-between gap-3">
        <h1 className="font-semibold text-xl tracking-tight">{t.title}</h1>
        {(query.data?.workflows ?? 0) > 0 && (
          <ButtonLink to="/templates" icon={<LayoutTemplate size={14} />} label={strings.templates.toTemplates} />
        )}
      </div>
      {query.isPending && <Loading />}
      {query.isError && <Failed error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && (query.data.workflows === 0 ? <FirstSteps /> : <Overview home={query.data} />)}
    </div>
  );
}

function Loading() {
  return (
    <div role="status" aria-label={strings.common.loading} className="grid grid-cols-2 gap-3 lg:grid-cols-4">
      <StillWaiting className="col-span-full" />
      {["a", "b", "c", "d"].map((key) => (
        <Skeleton key={key} className="h-20 rounded-xl" />
      ))}
    </div>
  );
}

function FirstSteps() {
  const tour = useStartTour();
  return (
    <Card>
      <Empty
        icon={<Sparkles size={20} />}
        title={t.emptyTitle}
        actions={
          <>
            <Button variant="primary" busy={tour.busy} onClick={tour.start}>
              {t.startTour}
            </Button>
            <ButtonLink to="/templates" icon={<LayoutTemplate size={15} />} label={strings.templates.startFrom} />
            <ButtonLink to="/workflows" label={t.toWorkflows} />
          </>
        }
      >
        {t.emptyText}
      </Empty>
    </Card>
  );
}

function Overview({ home }: { home: Home }) {
  const next = home.fires[0];
  return (
    <div className="space-y-5">
      <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        <Tile
          to="/executions?status=queued,running"
          icon={<Activity size={16} />}
          label={t.running}
          value={number(home.runningCount)}
        />
        <Tile
          to="/executions?status=failed,timed_out&since=day"
          icon={<CircleX size={16} />}
          label={t.failed}
          value={number(home.failedCount)}
          bad={home.failedCount > 0}
        />
        <Tile to="/approvals" icon={<UserCheck size={16} />} label={t.approvals} value={number(home.approvals)} />
        <Tile
          to="/schedules"
          icon={<CalendarClock size={16} />}
          label={t.nextFire}
          value={next ? ago(next.at) : t.none}
        />
      </div>
      <Card title={t.days}>
        <DaysChart days={home.days} />
      </Card>
      <div className="grid items-start gap-5 lg:grid-cols-3">
        <Card title={t.failuresTitle}>
          <Rows empty={t.noFailures} count={home.failures.length}>
            {home.failures.map((one) => (
              <Row
                key={one.workflowId}
                to={`/executions/${one.last.id}`}
                icon={<StatusIcon status={one.last.status} size={15} />}
                title={one.workflowName}
                detail={one.last.error ? `${one.last.error.type}: ${one.last.error.message}` : ""}
                aside={one.count > 1 ? t.times(one.count) : ago(one.last.startedAt)}
              />
            ))}
          </Rows>
        </Card>
        <Card title={t.runningTitle}>
          <Rows empty={t.noRunning} count={home.running.length}>
            {home.running.map((one) => (
              <Row
                key={one.id}
                to={`/executions/${one.id}`}
                icon={<StatusIcon status={one.status} size={15} />}
                title={one.workflowName}
                detail={toldOf(one)}
                aside={ago(one.startedAt)}
              />
            ))}
          </Rows>
        </Card>
        <Card title={t.firesTitle}>
          <Rows empty={t.noFires} count={home.fires.length}>
            {home.fires.map((one) => (
              <Row
                key={one.scheduleId}
                to={`/workflows/${one.workflowId}`}
                icon={<CalendarClock size={15} className="text-ink-3" aria-hidden />}
                title={one.workflowName}
                detail={`${one.nodeName} · ${dateTime(one.at)}`}
                aside={ago(one.at)}
              />
            ))}
          </Rows>
        </Card>
      </div>
    </div>
  );
}

function Card({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <section className="overflow-hidden rounded-xl border border-line bg-surface shadow-xs">
      {title && <h2 className="border-line border-b px-4 py-2.5 font-medium text-sm">{title}</h2>}
      {children}
    </section>
  );
}

interface TileProps {
  to: string;
  icon: ReactNode;
  label: string;
  value: string;
  bad?: boolean;
}

function Tile({ to, icon, label, value, bad = false }: TileProps) {
  return (
    <Link
      to={to}
      className={cx(
        "flex flex-col gap-1 rounded-xl border bg-surface p-4 shadow-xs transition-colors hover:bg-surface-2",
        bad ? "border-bad-line" : "border-line",
      )}
    >
      <span className="flex items-center gap-1.5 text-ink-2 text-xs">
        {icon}
        {label}
      </span>
      <span className={cx("tabular truncate font-semibold text-xl", bad && "text-bad")}>{value}</span>
    </Link>
  );
}

function Rows({ empty, count, children }: { empty: string; count: number; children: ReactNode }) {
  if (count === 0) return <p className="px-4 py-6 text-center text-ink-3 text-sm">{empty}</p>;
  return <ul className="divide-y divide-line">{children}</ul>;
}

interface RowProps {
  to: string;
  icon: ReactNode;
  title: string;
  detail: string;
  aside: string;
}

function Row({ to, icon, title, detail, aside }: RowProps) {
  return (
    <li className="relative flex items-center gap-3 px-4 py-2.5 hover:bg-surface-2">
      {icon}
      <div className="min-w-0 flex-1">
        <Link to={to} className="block truncate font-medium text-sm after:absolute after:inset-0">
          {title}
        </Link>
        <div className="truncate text-ink-3 text-xs">{detail}</div>
      </div>
      <span className="tabular shrink-0 text-ink-3 text-xs">{aside}</span>
    </li>
  );
}
