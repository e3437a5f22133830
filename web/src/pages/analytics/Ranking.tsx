import { Download, Timer } from "lucide-react";
import { useState } from "react";
import { type AnalyticsQuery, type Ranked, type Sort, useRanking } from "../../api/analytics";
import { strings } from "../../strings";
import { IconButton } from "../../ui/Button";
import { Segmented } from "../../ui/Segmented";
import { Failed, LoadingRows } from "../../ui/States";
import { number } from "../../ui/time";
import { download } from "../workflows/files";
import { bad, csvOf, dollars, FIGURES, percent, took } from "./figures";
import { Card } from "./parts";
import { TimeSavedDialog } from "./TimeSavedDialog";

const t = strings.analytics;
const SORTS = Object.entries(t.sorts).map(([value, label]) => ({ value, label }));

interface RankingProps {
  what: "workflows" | "nodes";
  query: AnalyticsQuery;
  sort: string;
  onSort(sort: string): void;
  onLook(one: Ranked): void;
  mayWrite: boolean;
}

/** The workflows, or nodes, that are slowest, cost most, fail most, or run most. */
export function Ranking({ what, query, sort, onSort, onLook, mayWrite }: RankingProps) {
  const order = (sort in t.sorts ? sort : "slowest") as Sort;
  const found = useRanking(what, query, order);
  const [asks, setAsks] = useState<Ranked>();
  const title = what === "nodes" ? t.nodes : t.workflows;
  const save = (rows: readonly Ranked[]) => {
    const lines = rows.map((one) => [
      one.workflowName,
      one.nodeName ?? one.nodeId,
      ...FIGURES.map((it) => one.figures[it]),
    ]);
    const text = csvOf([["workflow", "node", ...FIGURES], ...lines]);
    download({ name: `${what}.csv`, text, type: "text/csv" });
  };
  return (
    <Card
      title={title}
      tools={
        <>
          <Segmented label={`${t.sort}: ${title}`} value={order} onChange={onSort} options={SORTS} />
          {found.data && found.data.length > 0 && (
            <IconButton label={`${t.csv}: ${title}`} small onClick={() => save(found.data)}>
              <Download size={14} />
            </IconButton>
          )}
        </>
      }
    >
      {found.isPending && <LoadingRows rows={3} />}
      {found.isError && <Failed error={found.error} onRetry={() => void found.refetch()} />}
      {found.data?.length === 0 && <p className="px-4 py-6 text-center text-ink-3 text-sm">{t.none}</p>}
      {found.data && found.data.length > 0 && (
        <ol className="divide-y divide-line">
          {found.data.map((one) => (
            <Row
              key={`${one.workflowId} ${one.nodeId}`}
              one={one}
              order={order}
              onLook={() => onLook(one)}
              onSetSaved={mayWrite && what === "workflows" && one.workflowName !== null ? () => setAsks(one) : null}
            />
          ))}
        </ol>
      )}
      {asks && <TimeSavedDialog of={asks} onClose={() => setAsks(undefined)} />}
    </Card>
  );
}

interface RowProps {
  one: Ranked;
  order: Sort;
  onLook(): void;
  onSetSaved: (() => void) | null;
}

function Row({ one, order, onLook, onSetSaved }: RowProps) {
  const { figures } = one;
  const workflow = one.workflowName ?? t.deletedWorkflow;
  const name = one.nodeId === null ? workflow : (one.nodeName ?? one.nodeId);
  const first = {
    slowest: took(figures.meanMs),
    costliest: dollars(figures.money),
    failing: percent(figures.failureRate),
    busiest: number(figures.runs),
  }[order];
  const facts = [
    one.nodeId === null ? null : workflow,
    order === "busiest" ? null : `${number(figures.runs)} ${t.runs.toLowerCase()}`,
    bad(figures) > 0 && order !== "failing" ? `${number(bad(figures))} ${t.failed.toLowerCase()}` : null,
    order === "slowest" && figures.p95Ms !== null ? `${t.p95} ${took(figures.p95Ms)}` : null,
    order === "costliest" && figures.tokens > 0 ? `${number(figures.tokens)} ${t.tokens.toLowerCase()}` : null,
    one.minutesPerRun === null ? null : t.perRun(number(one.minutesPerRun)),
  ].filter((fact) => fact !== null);
  return (
    <li className="flex items-center gap-3 px-4 py-2.5 hover:bg-surface-2">
      <div className="min-w-0 flex-1">
        <button
          type="button"
          onClick={onLook}
          title={t.look(name)}
          className="block max-w-full truncate text-left font-medium text-sm hover:underline"
        >
          {name}
        </button>
        <div className="truncate text-ink-3 text-xs">{facts.join(" · ")}</div>
      </div>
      <span className="tabular shrink-0 text-sm">{first}</span>
      {onSetSaved && (
        <IconButton label={`${t.setSaved} ${name}`} small onClick={onSetSaved}>
          <Timer size={14} />
        </IconButton>
      )}
    </li>
  );
}
