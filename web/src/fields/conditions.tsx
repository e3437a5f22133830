/** Comparisons: value, type, operator, and what it is compared with where the operator needs it; and groups of them. */

import type { ParamSchema } from "../graph/catalogue";
import { strings } from "../strings";
import { Select } from "../ui/Select";
import {
  type ConditionRow,
  isGroup,
  newCondition,
  newGroup,
  type Operators,
  operatorOf,
  operatorsOf,
  sideFrom,
  takesGroups,
  withOperator,
  withType,
} from "./conditionRows";
import { AddRow, type ListProps, RemoveRow, useRows } from "./lists";
import { RowFindings } from "./RowFindings";
import { textOf } from "./switching";
import { TextField } from "./TextField";

const t = strings.fields;

interface RowsProps extends Pick<ListProps, "rows" | "path" | "diagnostics" | "onChange"> {
  /** Of one row. */
  schema: ParamSchema;
  operators: Operators;
  /** What names the rows; those of a group say which group. */
  within: string;
}

export function ConditionsField({ field, ...props }: ListProps) {
  return <Rows {...props} schema={field.schema.items ?? {}} operators={field.ui.operators ?? {}} within="" />;
}

function Rows(props: RowsProps) {
  const { rows, path, within, schema } = props;
  const { keys, list, set, add, remove } = useRows(props);
  return (
    <div ref={list}>
      <div className="space-y-2">
        {rows.map((row, index) => {
          const name = isGroup(row) ? t.group(within, index + 1) : t.condition(within, index + 1);
          const place = { ...props, row, name, path: `${path}.${index}` };
          return (
            // biome-ignore lint/a11y/useSemanticElements: a fieldset in a fieldset reads its legends twice.
            <div
              key={keys[index]}
              role="group"
              aria-label={name}
              data-field={place.path}
              className="flex gap-1.5 rounded-lg border border-line bg-surface-2 p-2.5 pr-1.5"
            >
              <div className="min-w-0 flex-1 space-y-1.5">
                {isGroup(row) ? (
                  <Group {...place} onRow={(next) => set(index, next)} />
                ) : (
                  <Comparison {...place} onRow={(next) => set(index, next)} />
                )}
              </div>
              <RemoveRow
                label={isGroup(row) ? t.removeGroup(within, index + 1) : t.removeCondition(within, index + 1)}
                onClick={() => remove(index)}
              />
            </div>
          );
        })}
      </div>
      <div className="flex flex-wrap gap-x-3">
        <AddRow label={t.addCondition(within)} text={t.addCondition("")} onClick={() => add(newCondition())} />
        {takesGroups(schema) && <AddRow label={t.addGroup} text={t.addGroup} onClick={() => add(newGroup())} />}
      </div>
    </div>
  );
}

interface RowProps extends RowsProps {
  row: ConditionRow;
  name: string;
  onRow(row: ConditionRow): void;
}

/** The rows of a group say themselves what is wrong with them. */
const isOfRows = (name: string) => name === "conditions" || /^\d+$/.test(name);

function Group({ row, name, path, schema, operators, diagnostics, onRow }: RowProps) {
  const inner = schema.properties?.conditions?.items ?? {};
  const combine = schema.properties?.combine;
  return (
    <>
      <Select
        label={t.matchOf(name)}
        value={String(row.combine ?? combine?.default ?? "and")}
        options={combine?.["x-ui"]?.options ?? []}
        onChange={(next) => onRow({ ...row, combine: next })}
      />
      <Rows
        rows={Array.isArray(row.conditions) ? (row.conditions as ConditionRow[]) : []}
        path={`${path}.conditions`}
        diagnostics={diagnostics}
        schema={inner}
        operators={operators}
        within={name}
        onChange={(conditions) => onRow({ ...row, conditions })}
      />
      <RowFindings path={path} diagnostics={diagnostics} but={isOfRows} />
      <RowFindings path={`${path}.conditions`} diagnostics={diagnostics} but={isOfRows} />
    </>
  );
}

function Comparison({ row, path, schema, operators, diagnostics, onRow }: RowProps) {
  const properties = schema.properties ?? {};
  const types = (properties.type?.["x-ui"]?.options ?? []).filter(({ value }) => value in operators);
  const operator = operatorOf(row, operators);
  const invalid = (name: string) => diagnostics.has(`${path}.${name}`) || undefined;
  return (
    <>
      <TextField
        label={t.left}
        placeholder={properties.left?.["x-ui"]?.placeholder}
        value={textOf(row.left)}
        aria-invalid={invalid("left")}
        onChange={(left) => onRow({ ...row, left: sideFrom(left, row, "left") })}
      />
      <div className="grid grid-cols-2 gap-1.5">
        <Select
          label={t.type}
          value={String(row.type ?? "text")}
          options={types}
          onChange={(next) => onRow(withType(row, next, operators))}
        />
        <Select
          label={t.compare}
          value={operator?.value ?? ""}
          options={operatorsOf(row, operators)}
          onChange={(next) => onRow(withOperator(row, next))}
        />
      </div>
      {!operator?.unary && (
        <TextField
          label={t.right}
          placeholder={t.right}
          value={textOf(row.right)}
          aria-invalid={invalid("right")}
          onChange={(right) => onRow({ ...row, right: sideFrom(right, row, "right") })}
        />
      )}
      <RowFindings path={path} diagnostics={diagnostics} />
    </>
  );
}
