import { ChevronLeft, ChevronRight } from "lucide-react";
import { useMemo, useState } from "react";
import { Link } from "react-router";
import { PRODUCTION } from "../api/environments";
import { useFires } from "../api/queries";
import type { Schedule } from "../api/types";
import { strings } from "../strings";
import { IconButton } from "../ui/Button";
import { cx } from "../ui/cx";
import { Failed } from "../ui/States";
import { byDay, type CalendarDay, type Fire, keyOf, weeksOf } from "./calendar";

const t = strings.schedules;
const SHOWN = 3;
const MONTH = new Intl.DateTimeFormat("en", { month: "long", year: "numeric" });
const WEEKDAY = new Intl.DateTimeFormat("en", { weekday: "short" });
const DAY = new Intl.DateTimeFormat("en", { weekday: "long", day: "numeric", month: "long" });
const TIME = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

/** A month of fires: a grid of days, and on a narrow screen the days that have some one below the other. */
export function ScheduleCalendar({ schedules }: { schedules: readonly Schedule[] }) {
  const [month, setMonth] = useState(() => new Date(new Date().getFullYear(), new Date().getMonth(), 1));
  const weeks = useMemo(() => weeksOf(month), [month]);
  const days = weeks.flat();
  const from = days[0]?.date ?? month;
  const to = new Date((days.at(-1)?.date ?? month).getTime());
  to.setDate(to.getDate() + 1);
  const query = useFires(from.toISOString(), to.toISOString());
  const fires = useMemo(() => byDay(query.data ?? []), [query.data]);
  const names = useMemo(() => new Map(schedules.map((one) => [one.id, one])), [schedules]);
  const step = (by: number) => setMonth(new Date(month.getFullYear(), month.getMonth() + by, 1));
  if (query.isError) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  const busy = days.filter(({ key, inMonth }) => inMonth && fires.has(key));
  return (
    <div className="p-3" aria-busy={query.isPending}>
      <div className="mb-2 flex items-center gap-2">
        <IconButton label={t.previousMonth} onClick={() => step(-1)}>
          <ChevronLeft size={16} />
        </IconButton>
        <h2 aria-live="polite" className="min-w-36 text-center font-medium text-sm">
          {MONTH.format(month)}
        </h2>
        <IconButton label={t.nextMonth} onClick={() => step(1)}>
          <ChevronRight size={16} />
        </IconButton>
        <span className="flex-1" />
        <span className="text-2xs text-ink-3">{t.yourTime(Intl.DateTimeFormat().resolvedOptions().timeZone)}</span>
      </div>
      <table className="w-full table-fixed border-collapse max-sm:hidden">
        <caption className="sr-only">{MONTH.format(month)}</caption>
        <thead>
          <tr>
            {weeks[0]?.map(({ key, date }) => (
              <th key={key} scope="col" className="pb-1 text-left font-medium text-2xs text-ink-3">
                {WEEKDAY.format(date)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week[0]?.key}>
              {week.map((day) => (
                <DayCell key={day.key} day={day} fires={fires.get(day.key) ?? []} names={names} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <ul className="space-y-3 sm:hidden">
        {busy.length === 0 && <li className="py-6 text-center text-ink-3 text-sm">{t.noFires}</li>}
        {busy.map((day) => (
          <li key={day.key}>
            <div className="mb-1 font-medium text-xs">{DAY.format(day.date)}</div>
            <Fires fires={fires.get(day.key) ?? []} names={names} />
          </li>
        ))}
      </ul>
      {(query.data ?? []).some((one) => one.more) && <p className="mt-2 text-2xs text-ink-3">{t.many}</p>}
    </div>
  );
}

type Names = ReadonlyMap<string, Schedule>;

function DayCell({ day, fires, names }: { day: CalendarDay; fires: Fire[]; names: Names }) {
  const today = day.key === keyOf(new Date());
  return (
    <td className={cx("h-24 border border-line p-1 align-top", !day.inMonth && "bg-surface-2")}>
      <span
        className={cx(
          "tabular inline-flex size-5 items-center justify-center rounded-full text-2xs",
          today ? "bg-accent text-on-accent" : day.inMonth ? "text-ink-2" : "text-ink-3",
        )}
      >
        {day.date.getDate()}
      </span>
      <Fires fires={fires} names={names} />
    </td>
  );
}

function Fires({ fires, names }: { fires: Fire[]; names: Names }) {
  const more = fires.length - SHOWN;
  return (
    <ul className="space-y-0.5">
      {fires.slice(0, SHOWN).map(({ scheduleId, at }) => {
        const schedule = names.get(scheduleId);
        return (
          <li key={`${scheduleId} ${at.getTime()}`}>
            <Link
              to={`/workflows/${schedule?.workflowId}?node=${schedule?.nodeId}`}
              className="flex gap-1 truncate rounded-sm bg-accent-soft px-1 text-2xs text-accent leading-4 hover:underline"
            >
              <span className="tabular">{TIME.format(at)}</span>
              <span className="truncate">
                {schedule?.workflowName}
                {schedule && schedule.environment !== PRODUCTION && ` · ${schedule.environmentName}`}
              </span>
            </Link>
          </li>
        );
      })}
      {more > 0 && <li className="px-1 text-2xs text-ink-3">{t.more(more)}</li>}
    </ul>
  );
}
