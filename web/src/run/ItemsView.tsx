import { Braces, ChevronLeft, ChevronRight, Table2 } from "lucide-react";
import { useState } from "react";
import { useItems } from "../api/queries";
import { FIELD_TYPE } from "../fields/inserting";
import type { Item } from "../graph/document";
import { expressionPath } from "../graph/schema";
import { strings } from "../strings";
import { IconButton } from "../ui/Button";
import { CopyButton } from "../ui/CopyButton";
import { cx } from "../ui/cx";
import { Failed, Skeleton } from "../ui/States";
import { number } from "../ui/time";
import { ItemJson } from "./ItemJson";

const t = strings.run;
const ROWS = 50;

interface ItemsViewProps {
  executionId: string;
  nodeId: string;
  direction: "in" | "out";
  port: string;
  count: number;
  ended: boolean;
  version: string;
  iteration: string;
}

/** Items of one port, page by page, as a table or as JSON. */
export function ItemsView(props: ItemsViewProps) {
  const { executionId, nodeId, direction, port, count, ended, version, iteration } = props;
  const [view, setView] = useState<"table" | "json">("table");
  const [offset, setOffset] = useState(0);
  const request = { nodeId, iteration, direction, port, offset, limit: ROWS };
  const query = useItems(executionId, request, version, ended && count > 0);
  if (!ended) return <p className="p-6 text-center text-ink-3 text-sm">{t.waitingText}</p>;
  if (count === 0) {
    return <p className="p-6 text-center text-ink-3 text-sm">{direction === "in" ? t.noItemsIn : t.noItemsOut}</p>;
  }
  const items = query.data?.items ?? [];
  const total = query.data?.total ?? count;
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex items-center gap-1 px-4 pb-2">
        {/* biome-ignore lint/a11y/useSemanticElements: two toggle buttons are no set of form fields. */}
        <div role="group" aria-label={t.view} className="inline-flex rounded-md bg-surface-3 p-0.5">
          {(["table", "json"] as const).map((value) => (
            <button
              key={value}
              type="button"
              aria-pressed={view === value}
              onClick={() => setView(value)}
              className={cx(
                "flex h-5 items-center gap-1 rounded-sm px-1.5 text-xs",
                view === value ? "bg-surface text-ink shadow-xs" : "text-ink-3 hover:text-ink",
              )}
            >
              {value === "table" ? <Table2 size={13} /> : <Braces size={13} />}
              {t[value]}
            </button>
          ))}
        </div>
        <span className="flex-1" />
        {total > ROWS && (
          <div className="tabular flex items-center text-ink-3 text-xs">
            <IconButton small label={t.previous} disabled={offset === 0} onClick={() => setOffset(offset - ROWS)}>
              <ChevronLeft size={14} />
            </IconButton>
            {t.shown(offset + 1, Math.min(offset + ROWS, total), number(total))}
            <IconButton small label={t.next} disabled={offset + ROWS >= total} onClick={() => setOffset(offset + ROWS)}>
              <ChevronRight size={14} />
            </IconButton>
          </div>
        )}
        <CopyButton
          text={JSON.stringify(
            items.map((item) => item.json),
            null,
            2,
          )}
          label={strings.common.copy}
        />
      </div>
      {query.isPending && <Skeleton className="mx-4 h-32" />}
      {query.isError && <Failed error={query.error} onRetry={() => void query.refetch()} />}
      {query.isSuccess && (
        // biome-ignore lint/a11y/useSemanticElements: a section would be a second landmark inside the panel.
        <div
          tabIndex={0}
          role="region"
          aria-label={direction === "in" ? t.input : t.output}
          className="min-h-0 flex-1 overflow-auto px-4 pb-4"
        >
          {view === "table" ? <ItemTable items={items} offset={offset} /> : <ItemJson items={items} />}
        </div>
      )}
    </div>
  );
}

/** The columns of a table over items: all their fields, in order of appearance. */
export function columnsOf(items: readonly Item[]): string[] {
  const names = new Set<string>();
  for (const item of items) for (const name of Object.keys(item.json)) names.add(name);
  return [...names];
}

interface ItemTableProps {
  items: readonly Item[];
  offset: number;
  /** What expressions say for an item, where columns can be dragged into parameters. */
  root?: string;
}

export function ItemTable({ items, offset, root }: ItemTableProps) {
  const columns = columnsOf(items);
  return (
    <table className="min-w-full border-separate border-spacing-0 text-xs">
      <thead>
        <tr>
          <th
            scope="col"
            className="sticky top-0 border-line border-b bg-surface px-2 py-1.5 text-right font-medium text-ink-3"
          >
            #
          </th>
          {columns.map((name) => (
            <th
              key={name}
              scope="col"
              draggable={root !== undefined}
              onDragStart={(event) => {
                if (root === undefined) return;
                const path = expressionPath(root, [name]);
                event.dataTransfer.setData(FIELD_TYPE, path);
                event.dataTransfer.setData("text/plain", path);
              }}
              className={cx(
                "sticky top-0 whitespace-nowrap border-line border-b bg-surface px-2 py-1.5 text-left font-medium text-ink-2",
                root !== undefined && "cursor-grab hover:bg-expression-soft",
              )}
            >
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {items.map((item, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: items have no identity but their place.
          <tr key={offset + index} className="hover:bg-surface-2">
            <td className="tabular border-line border-b px-2 py-1.5 text-right align-top text-ink-3">
              {offset + index + 1}
            </td>
            {columns.map((name) => (
              <td key={name} className="max-w-64 border-line border-b px-2 py-1.5 align-top">
                <Cell value={item.json[name]} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cell({ value }: { value: unknown }) {
  if (value === undefined) return null;
  if (value === null) return <span className="text-ink-3">null</span>;
  if (typeof value === "number") return <span className="tabular font-mono text-(--code-number)">{String(value)}</span>;
  if (typeof value === "boolean") return <span className="font-mono text-(--code-keyword)">{String(value)}</span>;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return (
    <span title={text} className={cx("line-clamp-3 break-words", typeof value !== "string" && "font-mono text-ink-2")}>
      {text}
    </span>
  );
}
