import { ChartColumn, Download, MoreHorizontal, RotateCw, Table2 } from "lucide-react";
import { useState } from "react";
import { useMe } from "../../api/account";
import { type Analytics, type Ranked, useAnalytics, useRebuild } from "../../api/analytics";
import { strings } from "../../strings";
import { Button, IconButton } from "../../ui/Button";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { Menu, MenuItem } from "../../ui/Menu";
import { Segmented } from "../../ui/Segmented";
import { Empty, Failed, Skeleton, StillWaiting } from "../../ui/States";
import { ago, number } from "../../ui/time";
import { toast } from "../../ui/toasts";
import { download } from "../workflows/files";
import { Chart, PointsTable } from "./Charts";
import { Errors } from "./Errors";
import { Filters } from "./Filters";
import { binTitle, dollars, moved, percent, pointsCsv, spared, took } from "./figures";
import { Card, Tile } from "./parts";
import { Ranking } from "./Ranking";
import { useAsked } from "./useAsked";

const t = strings.analytics;
const SHOWS = Object.entries(t.shows).map(([value, label]) => ({ value, label }));
const WRITERS = new Set(["editor", "admin", "owner", "custom"]);
const OPERATORS = new Set(["operator", ...WRITERS]);

/** `/analytics`: what executions came to. What is looked at stands in the address. */
export function AnalyticsPage() {
  const { params, query, change } = useAsked();
  const found = useAnalytics(query);
  const role = useMe().data?.role ?? "";
  const look = (one: Ranked) => change({ workflow: one.workflowId, node: one.nodeId ?? "", version: "" });
  return (
    <div className="mx-auto w-full max-w-6xl px-4 py-6 sm:px-8 sm:py-9">
      <div className="mb-5 flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <h1 className="font-semibold text-xl tracking-tight">{t.title}</h1>
          <p className="mt-0.5 max-w-xl text-ink-2 text-sm">{t.intro}</p>
        </div>
        {(role === "owner" || role === "admin") && <More />}
      </div>
      <Filters query={query} change={change} />
      {found.isPending && <Loading />}
      {found.isError && <Failed error={found.error} onRetry={() => void found.refetch()} />}
      {found.data && (
        <div className="space-y-5" aria-busy={found.isPlaceholderData}>
          <Tiles analytics={found.data} ofNode={Boolean(query.nodeId)} />
          <OverTime
            analytics={found.data}
            show={params.get("show") ?? "runs"}
            onShow={(show) => change({ show: show === "runs" ? "" : show })}
          />
          <div className="grid items-start gap-5 lg:grid-cols-2">
            <Ranking
              what="workflows"
              query={query}
              sort={params.get("sortW") ?? ""}
              onSort={(sortW) => change({ sortW })}
              onLook={look}
              mayWrite={WRITERS.has(role)}
            />
            <Ranking
              what="nodes"
              query={query}
              sort={params.get("sortN") ?? ""}
              onSort={(sortN) => change({ sortN })}
              onLook={look}
              mayWrite={false}
            />
          </div>
          <Errors
            query={query}
            state={params.get("errors") ?? ""}
            onState={(errors) => change({ errors })}
            mayResolve={OPERATORS.has(role)}
          />
        </div>
      )}
    </div>
  );
}

function Loading() {
  return (
    <div role="status" aria-label={strings.common.loading} className="grid grid-cols-2 gap-3 lg:grid-cols-5">
      <StillWaiting className="col-span-full" />
      {["a", "b", "c", "d", "e"].map((key) => (
        <Skeleton key={key} className="h-24 rounded-xl" />
      ))}
      <Skeleton className="col-span-full h-72 rounded-xl" />
    </div>
  );
}

function Tiles({ analytics, ofNode }: { analytics: Analytics; ofNode: boolean }) {
  const { current, previous, range } = analytics;
  const when = (moment: string) => binTitle(moment, "hour", range.zone);
  return (
    <section aria-label={t.tiles}>
      <dl className="grid grid-cols-2 gap-3 lg:grid-cols-5">
        <Tile
          label={ofNode ? t.nodeRuns : t.executions}
          value={number(current.runs)}
          moved={moved(current.runs, previous.runs)}
          note={t.before(number(previous.runs))}
        />
        <Tile
          label={t.failureRate}
          value={percent(current.failureRate)}
          moved={moved(current.failureRate, previous.failureRate, true)}
          good={-1}
        />
        <Tile label={t.duration} value={took(current.p50Ms)} moved={moved(current.p50Ms, previous.p50Ms)} good={-1} />
        <Tile
          label={t.money}
          value={dollars(current.money)}
          moved={moved(Number(current.money), Number(previous.money))}
          good={-1}
        />
        <Tile
          label={t.saved}
          value={current.savedMinutes === null ? "–" : spared(current.savedMinutes)}
          moved={moved(current.savedMinutes, previous.savedMinutes)}
          good={1}
          note={current.savedMinutes === null && !ofNode ? t.noSaved : undefined}
        />
      </dl>
      <p className="mt-2 flex flex-wrap gap-x-4 text-ink-3 text-xs">
        <span>{t.compared(when(range.previousSince), when(range.previousUntil))}</span>
        <span>{t.upTo(ago(analytics.countedUpTo))}</span>
        {analytics.rebuilding > 0 && <span>{t.rebuilding(analytics.rebuilding)}</span>}
      </p>
    </section>
  );
}

function OverTime({ analytics, show, onShow }: { analytics: Analytics; show: string; onShow(show: string): void }) {
  const [table, setTable] = useState(false);
  const chosen = show in t.shows ? show : "runs";
  const title = `${t.shows[chosen] ?? ""} ${t.chart.toLowerCase()}`;
  const nothing = analytics.current.runs === 0;
  return (
    <Card
      title={t.chart}
      tools={
        <>
          <Segmented label={t.shown} value={chosen} onChange={onShow} options={SHOWS} />
          <IconButton label={table ? t.asChart : t.asTable} small onClick={() => setTable(!table)}>
            {table ? <ChartColumn size={14} /> : <Table2 size={14} />}
          </IconButton>
          <IconButton
            label={t.csv}
            small
            onClick={() => download({ name: "analytics.csv", text: pointsCsv(analytics.points), type: "text/csv" })}
          >
            <Download size={14} />
          </IconButton>
        </>
      }
    >
      {nothing && !table ? (
        <Empty icon={<ChartColumn size={20} />} title={t.emptyTitle}>
          {t.emptyText}
        </Empty>
      ) : table ? (
        <PointsTable analytics={analytics} title={t.figures} />
      ) : (
        <Chart analytics={analytics} show={chosen} title={title} />
      )}
    </Card>
  );
}

/** What owners do with the figures as a whole. */
function More() {
  const [asks, setAsks] = useState(false);
  const rebuild = useRebuild();
  const begin = async () => {
    const { days } = await rebuild.mutateAsync();
    toast({ tone: "ok", title: t.rebuilt(days) });
  };
  return (
    <>
      <Menu
        trigger={
          <Button icon={<MoreHorizontal size={14} />} aria-label={t.more}>
            <span className="max-sm:sr-only">{t.more}</span>
          </Button>
        }
      >
        <MenuItem icon={<RotateCw size={14} />} onSelect={() => setAsks(true)}>
          {t.rebuild}
        </MenuItem>
      </Menu>
      {asks && (
        <ConfirmDialog
          title={t.rebuildTitle}
          text={t.rebuildText}
          action={t.rebuildAction}
          failed={t.rebuildFailed}
          danger={false}
          onConfirm={begin}
          onClose={() => setAsks(false)}
        />
      )}
    </>
  );
}
