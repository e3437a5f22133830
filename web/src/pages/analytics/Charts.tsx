import type { ReactNode } from "react";
import {
  Bar,
  BarChart,
  CartesianGrid,
  Legend,
  Line,
  LineChart,
  ResponsiveContainer,
  Tooltip,
  type TooltipContentProps,
  XAxis,
  YAxis,
} from "recharts";
import type { Analytics, Point } from "../../api/analytics";
import { strings } from "../../strings";
import { number } from "../../ui/time";
import { bad, binLabel, binTitle, dollars, percent, took } from "./figures";

const t = strings.analytics;
const HEIGHT = 260;
const MARGIN = { top: 8, right: 12, bottom: 0, left: 0 };

export interface Series {
  name: string;
  color: string;
  /** Of a line: how it is drawn, so that colour is not all that tells lines apart. */
  dash?: string;
  value(point: Point): number | null;
}

export interface Shown {
  kind: "bars" | "lines";
  series: Series[];
  words(value: number): string;
}

/** What each of the charts shows. */
export const SHOWN: Record<string, Shown> = {
  runs: {
    kind: "bars",
    words: number,
    series: [
      { name: t.succeeded, color: "var(--ok)", value: ({ figures }) => figures.succeeded },
      { name: t.failed, color: "var(--bad)", value: ({ figures }) => figures.failed },
      { name: t.timedOut, color: "var(--warn)", value: ({ figures }) => figures.timedOut },
      { name: t.other, color: "var(--ink-3)", value: ({ figures }) => figures.cancelled },
    ],
  },
  rate: {
    kind: "bars",
    words: percent,
    series: [{ name: t.failureRate, color: "var(--bad)", value: ({ figures }) => figures.failureRate }],
  },
  duration: {
    kind: "lines",
    words: took,
    series: [
      { name: t.p50, color: "var(--ok)", value: ({ figures }) => figures.p50Ms },
      { name: t.p95short, color: "var(--accent)", dash: "6 3", value: ({ figures }) => figures.p95Ms },
      { name: t.p99, color: "var(--bad)", dash: "2 3", value: ({ figures }) => figures.p99Ms },
    ],
  },
  money: {
    kind: "bars",
    words: (value) => dollars(String(value)),
    series: [{ name: t.money, color: "var(--accent)", value: ({ figures }) => Number(figures.money) }],
  },
};

type Row = Record<string, number | string | null>;

/** Executions over time. The arrow keys go through it, and a table holds the same figures. */
export function Chart({ analytics, show, title }: { analytics: Analytics; show: string; title: string }) {
  const { bin, zone } = analytics.range;
  const shown = SHOWN[show] ?? (SHOWN.runs as Shown);
  const rows: Row[] = analytics.points.map((point) => {
    const row: Row = { since: point.since };
    for (const [place, { value }] of shown.series.entries()) row[`v${place}`] = value(point);
    return row;
  });
  // What never happened takes no place in the legend; the first two are always there.
  const series = shown.series
    .map((one, place) => ({ ...one, place }))
    .filter(({ place }) => place < 2 || rows.some((row) => row[`v${place}`]));
  const parts = (
    <>
      <CartesianGrid vertical={false} stroke="var(--line)" />
      <XAxis
        dataKey="since"
        tickFormatter={(since: string) => binLabel(since, bin, zone)}
        tick={{ fill: "var(--ink-3)", fontSize: 11 }}
        tickLine={false}
        axisLine={{ stroke: "var(--line-strong)" }}
        minTickGap={28}
      />
      <YAxis
        width={64}
        allowDecimals={show === "money" || show === "rate"}
        tickFormatter={shown.words}
        tick={{ fill: "var(--ink-3)", fontSize: 11 }}
        tickLine={false}
        axisLine={false}
      />
      <Tooltip
        cursor={{ fill: "var(--surface-3)", stroke: "var(--line-strong)" }}
        isAnimationActive={false}
        content={(props) => <Told {...props} bin={bin} zone={zone} words={shown.words} />}
      />
      {series.length > 1 && (
        <Legend
          iconSize={9}
          itemSorter={null}
          formatter={(name: ReactNode) => <span className="text-ink-2 text-xs">{name}</span>}
        />
      )}
    </>
  );
  return (
    <div className="px-2 pt-3 pb-2">
      <ResponsiveContainer width="100%" height={HEIGHT}>
        {shown.kind === "bars" ? (
          <BarChart data={rows} margin={MARGIN} title={title} desc={t.chartHelp} maxBarSize={44}>
            {parts}
            {series.map(({ name, color, place }) => (
              <Bar
                key={name}
                dataKey={`v${place}`}
                name={name}
                stackId="a"
                fill={color}
                fillOpacity={0.8}
                isAnimationActive={false}
              />
            ))}
          </BarChart>
        ) : (
          <LineChart data={rows} margin={MARGIN} title={title} desc={t.chartHelp}>
            {parts}
            {series.map(({ name, color, dash, place }) => (
              <Line
                key={name}
                dataKey={`v${place}`}
                name={name}
                stroke={color}
                strokeWidth={2}
                strokeDasharray={dash ?? ""}
                dot={rows.length < 3}
                isAnimationActive={false}
                type="monotone"
              />
            ))}
          </LineChart>
        )}
      </ResponsiveContainer>
      <p className="sr-only">{t.chartHelp}</p>
    </div>
  );
}

type ToldProps = TooltipContentProps & { bin: string; zone: string; words(value: number): string };

/** What a step came to; said aloud as the arrow keys reach it. */
function Told({ active, payload, label, bin, zone, words }: ToldProps) {
  if (!active || !payload?.length) return null;
  return (
    <div className="rounded-lg border border-line bg-surface px-3 py-2 text-xs shadow-md" role="status">
      <div className="mb-1 font-medium">{binTitle(String(label), bin, zone)}</div>
      {payload.map(({ name, value, color }) => (
        <div key={String(name)} className="flex items-center gap-2 text-ink-2">
          <span aria-hidden className="size-2 rounded-xs" style={{ background: color }} />
          <span className="flex-1">{name}</span>
          <span className="tabular text-ink">{typeof value === "number" ? words(value) : "–"}</span>
        </div>
      ))}
    </div>
  );
}

/** The same figures as a table. */
export function PointsTable({ analytics, title }: { analytics: Analytics; title: string }) {
  const { bin, zone } = analytics.range;
  const heads = [t.time, t.executions, t.succeeded, t.failureRate, t.p50, t.p95short, t.p99, t.money];
  return (
    <section className="max-h-80 overflow-auto" tabIndex={0} aria-label={title}>
      <table className="tabular w-full text-sm">
        <caption className="sr-only">{title}</caption>
        <thead className="sticky top-0 bg-surface text-ink-2 text-xs">
          <tr>
            {heads.map((head, place) => (
              <th
                key={head}
                scope="col"
                className={`whitespace-nowrap px-3 py-2 font-medium ${place ? "text-right" : "text-left"}`}
              >
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {analytics.points.map(({ since, figures }) => (
            <tr key={since}>
              <th scope="row" className="whitespace-nowrap px-3 py-1.5 text-left font-normal">
                {binTitle(since, bin, zone)}
              </th>
              {[
                number(figures.runs),
                number(figures.succeeded),
                figures.runs ? `${percent(figures.failureRate)} (${number(bad(figures))})` : "–",
                took(figures.p50Ms),
                took(figures.p95Ms),
                took(figures.p99Ms),
                dollars(figures.money),
              ].map((text, place) => (
                <td key={heads[place + 1]} className="whitespace-nowrap px-3 py-1.5 text-right">
                  {text}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
