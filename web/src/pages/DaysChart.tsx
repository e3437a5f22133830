import type { Day } from "../api/types";
import { strings } from "../strings";
import { number } from "../ui/time";

const t = strings.home;
const HEIGHT = 72;
const BAR = 24;
const STEP = 40;
const DAY = new Intl.DateTimeFormat("en", { day: "numeric", month: "short", timeZone: "UTC" });

/** Executions of each day as stacked bars; the same numbers as a table for those who do not see them. */
export function DaysChart({ days }: { days: readonly Day[] }) {
  const most = Math.max(1, ...days.map(({ succeeded, failed, other }) => succeeded + failed + other));
  // Few failures among many runs must still be seen.
  const height = (count: number) => (count === 0 ? 0 : Math.max(3, (count / most) * (HEIGHT - 6)));
  return (
    <div className="px-4 py-3">
      <svg
        viewBox={`0 0 ${days.length * STEP} ${HEIGHT + 18}`}
        className="h-28 w-full"
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        {days.map((day, index) => {
          const x = index * STEP + (STEP - BAR) / 2;
          const good = height(day.succeeded);
          const bad = height(day.failed);
          const rest = height(day.other);
          return (
            <g key={day.day}>
              <title>{t.day(DAY.format(new Date(day.day)), day.succeeded, day.failed)}</title>
              <rect x={x} y={HEIGHT - 1} width={BAR} height={1} className="fill-line-strong" />
              <rect x={x} y={HEIGHT - good} width={BAR} height={good} className="fill-ok/70" />
              <rect x={x} y={HEIGHT - good - bad} width={BAR} height={bad} className="fill-bad/80" />
              <rect x={x} y={HEIGHT - good - bad - rest} width={BAR} height={rest} className="fill-ink-3/40" />
            </g>
          );
        })}
      </svg>
      <div className="flex justify-between text-2xs text-ink-3" aria-hidden>
        <span>{days[0] && DAY.format(new Date(days[0].day))}</span>
        <span>{t.today}</span>
      </div>
      <table className="sr-only">
        <caption>{t.days}</caption>
        <thead>
          <tr>
            <th scope="col">{t.dayLabel}</th>
            <th scope="col">{strings.status.succeeded}</th>
            <th scope="col">{strings.status.failed}</th>
            <th scope="col">{t.other}</th>
          </tr>
        </thead>
        <tbody>
          {days.map((day) => (
            <tr key={day.day}>
              <th scope="row">{DAY.format(new Date(day.day))}</th>
              <td>{number(day.succeeded)}</td>
              <td>{number(day.failed)}</td>
              <td>{number(day.other)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
