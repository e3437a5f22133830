import { X } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { Column, RowsRequest } from "../../api/store";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { Input } from "../../ui/Form";
import { Select } from "../../ui/Select";
import { isUnary, type Operator, operatorsFor } from "./cells";

const t = strings.store;

export type Condition = NonNullable<RowsRequest["conditions"]>[number];

interface RowFilterProps {
  columns: readonly Column[];
  condition: Condition | null;
  onChange(condition: Condition | null): void;
}

/** One condition on the rows: a column, a comparison and a value. */
export function RowFilter({ columns, condition, onChange }: RowFilterProps) {
  const [columnId, setColumnId] = useState(columns[0]?.id ?? "");
  const column = columns.find(({ id }) => id === columnId) ?? columns[0];
  const operators = column ? operatorsFor(column.type) : [];
  const [wanted, setWanted] = useState<Operator | null>(null);
  const operator = operators.find((one) => one === wanted) ?? operators[0];
  const [value, setValue] = useState("");
  if (!column || !operator) return null;
  const apply = (event: FormEvent) => {
    event.preventDefault();
    onChange({ column: column.name, operator, value: isUnary(operator) ? null : value, ignoreCase: true });
  };
  return (
    <form onSubmit={apply} className="flex flex-wrap items-center gap-2">
      <div className="w-36">
        <Select
          compact
          label={t.filterColumn}
          value={column.id}
          onChange={setColumnId}
          options={columns.map(({ id, name }) => ({ value: id, label: name }))}
        />
      </div>
      <div className="w-44">
        <Select
          compact
          label={t.filterOperator}
          value={operator}
          onChange={(next) => setWanted(next as Operator)}
          options={operators.map((one) => ({ value: one, label: t.operators[one] }))}
        />
      </div>
      {!isUnary(operator) && (
        <div className="w-40">
          <Input aria-label={t.filterValue} value={value} onChange={(event) => setValue(event.target.value)} />
        </div>
      )}
      <Button type="submit">{t.filter}</Button>
      {condition && (
        <Button variant="quiet" icon={<X size={14} />} onClick={() => onChange(null)}>
          {t.clearFilter}
        </Button>
      )}
    </form>
  );
}
