import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import type { Column, Row, Table } from "../../api/store";
import { strings } from "../../strings";
import { Checkbox } from "../../ui/Checkbox";
import { cx } from "../../ui/cx";
import { messageOf } from "../../ui/message";
import { toast } from "../../ui/toasts";
import { CellEditor } from "./CellEditor";
import { ColumnHead, type Order } from "./ColumnHead";
import { cellText, moved, readText } from "./cells";

const t = strings.store;

interface GridProps {
  table: Table;
  rows: Row[];
  selected: ReadonlySet<number>;
  order: Order | null;
  onSelect(ids: ReadonlySet<number>): void;
  onOrder(order: Order | null): void;
  /** Stores a value; rejects with why not. */
  onChange(row: number, column: string, value: unknown): Promise<unknown>;
}

/** The rows of a page as a grid that keys work in (WAI-ARIA's grid): one cell has the focus, Enter edits it. */
export function Grid({ table, rows, selected, order, onSelect, onOrder, onChange }: GridProps) {
  const { columns } = table;
  const [at, setAt] = useState({ row: 0, column: 0 });
  const [edited, setEdited] = useState<{ row: number; column: string; first?: string } | null>(null);
  const [problem, setProblem] = useState("");
  const body = useRef<HTMLTableSectionElement>(null);
  const problemId = useId();
  const focusRow = Math.min(at.row, Math.max(rows.length - 1, 0));
  const focusColumn = Math.min(at.column, Math.max(columns.length - 1, 0));

  const focus = (row: number, column: number) => {
    setAt({ row, column });
    body.current?.querySelector<HTMLElement>(`[data-at="${row}:${column}"]`)?.focus();
  };
  const wasEdited = useRef(false);
  useEffect(() => {
    // Whoever leaves the field is back in its cell.
    if (!edited && wasEdited.current) {
      body.current?.querySelector<HTMLElement>(`[data-at="${focusRow}:${focusColumn}"]`)?.focus();
    }
    wasEdited.current = edited !== null;
  }, [edited, focusRow, focusColumn]);

  const store = async (row: Row, column: Column, text: string | null) => {
    const read = text === null ? { value: null } : readText(text, column.type);
    if ("problem" in read) return setProblem(read.problem);
    try {
      await onChange(row.id, column.name, read.value);
      setProblem("");
      setEdited(null);
    } catch (error) {
      const { title, detail } = messageOf(error);
      if (text === null) toast({ tone: "bad", title: t.notSaved, detail: detail || title });
      else setProblem(detail || title);
    }
  };
  const onKeyDown = (event: KeyboardEvent, row: Row, column: Column) => {
    if (edited || event.target !== event.currentTarget) return;
    const to = moved(event.key, { row: focusRow, column: focusColumn }, rows.length, columns.length);
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (to) focus(to.row, to.column);
    else if (event.key === "Enter" || event.key === "F2") setEdited({ row: row.id, column: column.id });
    else if (event.key === "Delete" || event.key === "Backspace") void store(row, column, null);
    else if (event.key.length === 1 && plain && column.type !== "boolean")
      setEdited({ row: row.id, column: column.id, first: event.key });
    else return;
    event.preventDefault();
  };
  const every = rows.length > 0 && rows.every((row) => selected.has(row.id));
  const toggle = (id: number, on: boolean) => {
    const next = new Set(selected);
    if (on) next.add(id);
    else next.delete(id);
    onSelect(next);
  };
  return (
    <div className="overflow-x-auto">
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose cells take the focus is a grid. */}
      <table role="grid" aria-label={t.gridLabel(table.name)} className="w-full border-collapse text-sm">
        <thead>
          <tr className="border-line border-b bg-surface-2 text-left text-ink-2 text-xs">
            <th scope="col" className="w-16 px-3 py-2 font-medium">
              <span className="flex items-center gap-2">
                <Checkbox
                  checked={every || (rows.some((row) => selected.has(row.id)) ? "indeterminate" : false)}
                  onChange={(on) => onSelect(new Set(on ? rows.map((row) => row.id) : []))}
                  label={t.selectAll}
                />
                {t.number}
              </span>
            </th>
            {columns.map((column) => (
              <ColumnHead
                key={column.id}
                table={table}
                column={column}
                direction={order?.column === column.name ? order.direction : null}
                onOrder={(direction) => onOrder(direction && { column: column.name, direction })}
              />
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {rows.map((row, y) => (
            <tr
              key={row.id}
              className={cx("border-line border-b last:border-0", selected.has(row.id) && "bg-accent-soft")}
            >
              <td className="px-3 py-1.5">
                <span className="flex items-center gap-2 text-ink-3 text-xs tabular-nums">
                  <Checkbox
                    checked={selected.has(row.id)}
                    onChange={(on) => toggle(row.id, on)}
                    label={t.selectRow(row.id)}
                  />
                  {row.id}
                </span>
              </td>
              {columns.map((column, x) => {
                const isEdited = edited?.row === row.id && edited.column === column.id;
                const value = row.values[column.name];
                return (
                  <td
                    key={column.id}
                    // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: it is a cell of a grid.
                    role="gridcell"
                    data-at={`${y}:${x}`}
                    tabIndex={y === focusRow && x === focusColumn ? 0 : -1}
                    aria-label={`${t.cellLabel(column.name, row.id)}: ${cellText(value, column.type) || t.empty}`}
                    onFocus={() => setAt({ row: y, column: x })}
                    onDoubleClick={() => setEdited({ row: row.id, column: column.id })}
                    onKeyDown={(event) => onKeyDown(event, row, column)}
                    className={cx(
                      "max-w-72 min-w-32 border-line border-l px-2 py-1.5 outline-none focus-visible:shadow-[inset_0_0_0_2px_var(--color-accent)]",
                      column.type === "number" && "text-right tabular-nums",
                      column.type === "json" && "font-mono text-xs",
                    )}
                  >
                    {isEdited ? (
                      <>
                        <CellEditor
                          label={t.cellLabel(column.name, row.id)}
                          type={column.type}
                          value={value}
                          first={edited.first}
                          invalid={problem ? problemId : undefined}
                          onSave={(text) => void store(row, column, text)}
                          onLeave={() => {
                            setProblem("");
                            setEdited(null);
                          }}
                        />
                        {problem && (
                          <p id={problemId} role="alert" className="mt-1 text-left font-sans text-bad text-xs">
                            {problem}
                          </p>
                        )}
                      </>
                    ) : (
                      <span className="block h-5 truncate">{cellText(value, column.type)}</span>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
