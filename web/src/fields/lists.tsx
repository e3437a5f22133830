import { ArrowDown, ArrowUp, Plus, X } from "lucide-react";
import { useLayoutEffect, useRef } from "react";
import type { ParamSchema } from "../graph/catalogue";
import type { Diagnostic, Json } from "../graph/document";
import { freePortName } from "../graph/ports";
import { type Field as FieldSpec, fieldsOf, isShown } from "../graph/visible";
import { strings } from "../strings";
import { Button, IconButton } from "../ui/Button";
import { isCondition, newCondition } from "./conditionRows";
import { ParamsForm } from "./ParamsForm";
import { RowFindings } from "./RowFindings";
import { textOf } from "./switching";
import { TextField } from "./TextField";

const t = strings.fields;

export type Row = Record<string, Json>;

export interface ListProps {
  field: FieldSpec;
  rows: Row[];
  path: string;
  diagnostics: ReadonlyMap<string, readonly Diagnostic[]>;
  onChange(rows: Row[]): void;
}

/** Keys for rows that have none of their own: a row keeps its key while others come and go. */
function useRowKeys(count: number) {
  const keys = useRef<number[]>([]);
  const next = useRef(0);
  while (keys.current.length < count) {
    keys.current.push(next.current);
    next.current += 1;
  }
  keys.current.length = count;
  return {
    keys: keys.current,
    forget: (index: number) => keys.current.splice(index, 1),
    swap: (a: number, b: number) => swapped(keys.current, a, b),
  };
}

function swapped<T>(list: T[], a: number, b: number): T[] {
  const [first, second] = [list[a], list[b]];
  if (first === undefined || second === undefined) return list;
  list[a] = second;
  list[b] = first;
  return list;
}

/** Rows that come, go and move, with the focus on what is next for somebody who has no pointer. `list` holds them. */
export function useRows({ rows, path, onChange }: Pick<ListProps, "rows" | "path" | "onChange">) {
  const { keys, forget, swap } = useRowKeys(rows.length);
  const list = useRef<HTMLDivElement>(null);
  const next = useRef<(() => HTMLElement | null | undefined) | null>(null);
  useLayoutEffect(() => {
    const find = next.current;
    next.current = null;
    find?.()?.focus();
  });
  const rowAt = (index: number) => list.current?.querySelector(`[data-field="${path}.${index}"]`) ?? null;
  /** The buttons of a row itself, not those of lists within it. */
  const own = (row: Element | null, selector: string) =>
    [...(row?.querySelectorAll<HTMLElement>(selector) ?? [])].find((one) => one.closest("[data-field]") === row);
  return {
    keys,
    list,
    add: (row: Row) => {
      next.current = () => rowAt(rows.length)?.querySelector<HTMLElement>(FILLED_IN);
      onChange([...rows, row]);
    },
    set: (index: number, change: Row) =>
      onChange(rows.map((row, position) => (position === index ? { ...row, ...change } : row))),
    remove: (index: number) => {
      forget(index);
      next.current = () =>
        own(rowAt(Math.min(index, rows.length - 2)), "[data-remove]") ??
        list.current?.querySelector<HTMLElement>("[data-add]");
      onChange(rows.filter((_, position) => position !== index));
    },
    move: (index: number, by: 1 | -1) => {
      swap(index, index + by);
      next.current = () => {
        const row = rowAt(index + by);
        return own(row, `[data-move="${by}"]`) ?? own(row, `[data-move="${-by}"]`);
      };
      onChange(swapped([...rows], index, index + by));
    },
  };
}

const FILLED_IN = ".cm-content, input, textarea, button[role=combobox]";

/** A row to begin with: defaults, one row in lists that need one, and a port's name that no other row has. */
function newRow(schema: ParamSchema | undefined, rows: readonly Row[]): Row {
  const row: Row = {};
  if (isCondition(schema)) return newCondition();
  for (const [name, property] of Object.entries(schema?.properties ?? {})) {
    const kind = property["x-ui"]?.kind;
    if (property.default !== undefined && property.default !== null) row[name] = property.default;
    else if (kind === "port") row[name] = freePortName(rows.map((other) => other[name]));
    else if (property.type === "array") row[name] = property.minItems ? [newRow(property.items, [])] : [];
    else if (schema?.required?.includes(name)) row[name] = "";
  }
  return row;
}

export function AddRow({ label, text, onClick }: { label: string; text: string; onClick(): void }) {
  return (
    <Button
      size="sm"
      variant="quiet"
      className="-ml-1.5 mt-1.5"
      icon={<Plus size={14} />}
      aria-label={label}
      data-add=""
      onClick={onClick}
    >
      {text}
    </Button>
  );
}

export function RemoveRow({ label, onClick }: { label: string; onClick(): void }) {
  return (
    <IconButton small label={label} data-remove="" onClick={onClick}>
      <X size={14} />
    </IconButton>
  );
}

/** Names and values side by side. */
export function KeyValueField(props: ListProps) {
  const { field, rows, path, diagnostics } = props;
  const { keys, list, set, add, remove } = useRows(props);
  return (
    <div ref={list}>
      <div className="space-y-1.5">
        {rows.map((row, index) => (
          <div key={keys[index]} data-field={`${path}.${index}`} className="flex items-start gap-1.5">
            <div className="grid min-w-0 flex-1 grid-cols-[2fr_3fr] gap-1.5">
              {["name", "value"].map((name) => (
                <TextField
                  key={name}
                  label={`${name === "name" ? t.name : t.value}, ${t.row(field.title, index + 1)}`}
                  placeholder={name === "name" ? t.name : t.value}
                  value={textOf(row[name])}
                  aria-invalid={diagnostics.has(`${path}.${index}.${name}`) || undefined}
                  onChange={(value) => set(index, { [name]: value })}
                />
              ))}
              <RowFindings path={`${path}.${index}`} diagnostics={diagnostics} />
            </div>
            <div className="pt-1">
              <RemoveRow label={t.removeRow(index + 1)} onClick={() => remove(index)} />
            </div>
          </div>
        ))}
      </div>
      <AddRow label={t.addTo(field.title)} text={t.addRow} onClick={() => add(newRow(field.schema.items, rows))} />
    </div>
  );
}

/** Whether a row's form has a field, which says itself what is wrong with it. */
function shows(schema: ParamSchema, row: Row, name: string): boolean {
  const fields = fieldsOf(schema);
  const field = fields.find((one) => one.name === name);
  return field !== undefined && isShown(field, fields, row);
}

/** Rows with a small form each. Their order may mean something, so they can be moved. */
export function CollectionField(props: ListProps) {
  const { field, rows, path, diagnostics } = props;
  const { keys, list, set, add, remove, move } = useRows(props);
  const schema = field.schema.items ?? {};
  return (
    <div ref={list}>
      <div className="space-y-2">
        {rows.map((row, index) => (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset in a fieldset reads its legends twice.
          <div
            key={keys[index]}
            role="group"
            aria-label={t.row(field.title, index + 1)}
            data-field={`${path}.${index}`}
            className="flex gap-1.5 rounded-lg border border-line bg-surface-2 p-2.5 pr-1.5"
          >
            <div className="min-w-0 flex-1">
              <ParamsForm
                compact
                schema={schema}
                params={row}
                base={`${path}.${index}`}
                diagnostics={diagnostics}
                onChange={(name, value) => set(index, { [name]: value })}
              />
              <RowFindings
                path={`${path}.${index}`}
                diagnostics={diagnostics}
                but={(name) => shows(schema, row, name)}
              />
            </div>
            <div className="flex flex-col">
              <RemoveRow label={t.removeRow(index + 1)} onClick={() => remove(index)} />
              {index > 0 && (
                <IconButton small label={t.moveUp(index + 1)} data-move="-1" onClick={() => move(index, -1)}>
                  <ArrowUp size={14} />
                </IconButton>
              )}
              {index < rows.length - 1 && (
                <IconButton small label={t.moveDown(index + 1)} data-move="1" onClick={() => move(index, 1)}>
                  <ArrowDown size={14} />
                </IconButton>
              )}
            </div>
          </div>
        ))}
      </div>
      <AddRow label={t.addTo(field.title)} text={t.addRow} onClick={() => add(newRow(schema, rows))} />
    </div>
  );
}
