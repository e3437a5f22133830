import { Plus, RefreshCw, Wand2, X } from "lucide-react";
import { useState } from "react";
import type { Json } from "../../graph/document";
import { expressionPath } from "../../graph/schema";
import { fieldsOf } from "../../graph/visible";
import { strings } from "../../strings";
import { Button, IconButton } from "../../ui/Button";
import { CollectionField, type ListProps } from "../lists";
import { findingsBelow, RowFindings } from "../RowFindings";
import { textOf } from "../switching";
import { TextField } from "../TextField";
import type { Choice } from "./asking";
import { OptionsInput } from "./OptionsInput";
import { Trouble } from "./Trouble";
import { useOptions } from "./useOptions";

const t = strings.options;

type Row = Record<string, Json>;

/**
 * Rows of name and value, one for each column that there is: filled in, it is saved as the row of a list. While the columns
 * are not known, it is that list.
 */
export function MappingField(props: ListProps) {
  const { field, rows, path } = props;
  const name = fieldsOf(field.schema.items ?? {}).find((one) => one.name === "name");
  const columns = useOptions(name?.ui.optionsFrom, `${path}.name`, "", true);
  if (columns.found && columns.found.length > 0) {
    return <Mapping {...props} columns={columns.found} onReload={columns.reload} />;
  }
  return (
    <div>
      {columns.loading && <p className="mb-1.5 text-ink-3 text-xs">{t.mapping.loading(field.title)}</p>}
      <CollectionField {...props} rows={rows} />
      {columns.error && <Trouble id={undefined} words={columns.error} title={field.title} onAgain={columns.reload} />}
    </div>
  );
}

interface MappingProps extends ListProps {
  columns: readonly Choice[];
  onReload(): void;
}

function Mapping({ field, rows, path, diagnostics, onChange, columns, onReload }: MappingProps) {
  const name = fieldsOf(field.schema.items ?? {}).find((one) => one.name === "name");
  /** The row whose name is being written: it stays where it is, though it may be a column's name for a moment. */
  const [held, setHeld] = useState<number | null>(null);
  const first = new Map<string, number>();
  rows.forEach((row, index) => {
    const column = textOf(row.name);
    if (!first.has(column)) first.set(column, index);
  });
  const isOf = (column: string, index: number) => index !== held && first.get(column) === index;
  const known = new Set(columns.map(({ value }) => value));
  const others = rows.flatMap((row, index) =>
    known.has(textOf(row.name)) && isOf(textOf(row.name), index) ? [] : [index],
  );
  const unset = columns.filter(({ value }) => !first.has(value));
  const set = (index: number, change: Row) =>
    onChange(rows.map((row, position) => (position === index ? { ...row, ...change } : row)));
  const remove = (index: number) => onChange(rows.filter((_, position) => position !== index));
  return (
    <div>
      <div className="mb-1.5 flex items-center gap-1.5">
        <Button
          size="sm"
          variant="quiet"
          className="-ml-1.5"
          icon={<Wand2 size={13} />}
          title={t.mapping.fromItemHelp}
          disabled={unset.length === 0}
          onClick={() =>
            onChange([
              ...rows,
              ...unset.map(({ value }) => ({ name: value, value: `{{ ${expressionPath("$json", [value])} }}` })),
            ])
          }
        >
          {t.mapping.fromItem}
        </Button>
        <IconButton small label={t.reload(field.title)} onClick={onReload} className="ml-auto">
          <RefreshCw size={13} />
        </IconButton>
      </div>
      <div className="divide-y divide-line rounded-lg border border-line bg-surface-2">
        {columns
          .filter(({ value }) => held === null || first.get(value) !== held)
          .map((column) => {
            const index = first.get(column.value);
            const place = index === undefined ? undefined : `${path}.${index}`;
            return (
              <ColumnRow
                key={column.value}
                column={column}
                place={place}
                value={index === undefined ? undefined : textOf(rows[index]?.value)}
                diagnostics={diagnostics}
                onChange={(value) =>
                  index === undefined ? onChange([...rows, { name: column.value, value }]) : set(index, { value })
                }
                onRemove={index === undefined ? undefined : () => remove(index)}
              />
            );
          })}
        {others.map((index) => (
          <OtherRow
            key={`other-${index}`}
            field={field}
            row={rows[index] ?? {}}
            path={`${path}.${index}`}
            position={index + 1}
            isKnown={known.has(textOf(rows[index]?.name))}
            diagnostics={diagnostics}
            onChange={(change) => set(index, change)}
            onRemove={() => remove(index)}
            onHold={(on) => setHeld(on ? index : null)}
          />
        ))}
      </div>
      <Button
        size="sm"
        variant="quiet"
        className="-ml-1.5 mt-1.5"
        icon={<Plus size={14} />}
        onClick={() => onChange([...rows, { name: "", value: "" }])}
      >
        {t.mapping.other(name?.title.toLowerCase() ?? "")}
      </Button>
    </div>
  );
}

interface ColumnRowProps {
  column: Choice;
  /** Where its row is saved; undefined while it has none. */
  place: string | undefined;
  value: string | undefined;
  diagnostics: ListProps["diagnostics"];
  onChange(value: string): void;
  onRemove: (() => void) | undefined;
}

function ColumnRow({ column, place, value, diagnostics, onChange, onRemove }: ColumnRowProps) {
  const invalid = place !== undefined && findingsBelow(diagnostics, place).length > 0;
  return (
    <div
      data-field={place}
      className="grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)_1.75rem] items-start gap-1.5 p-1.5 pl-2.5"
    >
      <div className="min-w-0 pt-1">
        <p className="truncate font-medium text-xs" title={column.label}>
          {column.label}
          {column.required && <span className="text-bad">{" *"}</span>}
        </p>
        <p className="truncate text-2xs text-ink-3" title={column.detail}>
          {column.detail}
        </p>
      </div>
      <TextField
        label={column.detail ? `${column.label}, ${column.detail}` : column.label}
        placeholder={value !== undefined ? '""' : column.required ? t.mapping.missing : t.mapping.unset}
        value={value ?? ""}
        aria-invalid={invalid || undefined}
        onChange={onChange}
      />
      <div className="pt-1">
        {onRemove && (
          <IconButton small label={t.mapping.remove(column.label)} onClick={onRemove}>
            <X size={14} />
          </IconButton>
        )}
      </div>
      {place !== undefined && <RowFindings path={place} diagnostics={diagnostics} />}
    </div>
  );
}

interface OtherRowProps {
  field: ListProps["field"];
  row: Row;
  path: string;
  position: number;
  isKnown: boolean;
  diagnostics: ListProps["diagnostics"];
  onChange(change: Row): void;
  onRemove(): void;
  /** Whether somebody is in it. */
  onHold(on: boolean): void;
}

/** A row whose column is not among those that there are: it stays as it was saved. */
function OtherRow({ field, row, path, position, isKnown, diagnostics, onChange, onRemove, onHold }: OtherRowProps) {
  const name = fieldsOf(field.schema.items ?? {}).find((one) => one.name === "name");
  const text = textOf(row.name);
  const found = findingsBelow(diagnostics, path);
  if (!name) return null;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only notices that something within has the focus.
    <div
      data-field={path}
      onFocus={() => onHold(true)}
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && onHold(false)}
      className="grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)_1.75rem] items-start gap-1.5 p-1.5"
    >
      <div className="min-w-0">
        <OptionsInput
          label={`${name.title}, ${strings.fields.row(field.title, position)}`}
          ids={{
            id: `${path}.name`,
            "aria-describedby": undefined,
            "aria-invalid": diagnostics.has(`${path}.name`) || undefined,
          }}
          field={name}
          path={`${path}.name`}
          value={text}
          onChange={(next) => onChange({ name: next })}
        />
        {text !== "" && !isKnown && found.length === 0 && (
          <p className="mt-0.5 text-2xs text-warn">{t.mapping.unknown(name.title.toLowerCase())}</p>
        )}
      </div>
      <TextField
        label={`${strings.fields.value}, ${strings.fields.row(field.title, position)}`}
        placeholder={strings.fields.value}
        value={textOf(row.value)}
        aria-invalid={diagnostics.has(`${path}.value`) || undefined}
        onChange={(value) => onChange({ value })}
      />
      <div className="pt-1">
        <IconButton small label={strings.fields.removeRow(position)} onClick={onRemove}>
          <X size={14} />
        </IconButton>
      </div>
      <RowFindings path={path} diagnostics={diagnostics} />
    </div>
  );
}
