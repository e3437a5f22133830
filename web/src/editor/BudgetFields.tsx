import type { WorkflowBudget } from "../graph/document";
import { strings } from "../strings";
import { Field, Input } from "../ui/Form";

const t = strings.spending;
const FIELDS = ["executionMoney", "executionTokens", "monthMoney", "monthTokens"] as const;

interface BudgetFieldsProps {
  budget: WorkflowBudget | null | undefined;
  onChange(budget: WorkflowBudget | null, key: string): void;
}

/** What a workflow may spend on language models: four numbers, each of which may be empty. */
export function BudgetFields({ budget, onChange }: BudgetFieldsProps) {
  const change = (key: (typeof FIELDS)[number], value: number) => {
    const least = key.endsWith("Money") ? value : Math.round(value);
    const { [key]: _, ...others } = budget ?? {};
    const next = Number.isNaN(value) || value < 0 ? others : { ...others, [key]: least };
    onChange(Object.keys(next).length ? next : null, key);
  };
  return (
    <fieldset className="rounded-lg border border-line p-3">
      <legend className="px-1 font-medium text-xs">{t.budget}</legend>
      <div className="grid gap-3 sm:grid-cols-2">
        {FIELDS.map((key) => (
          <Field key={key} label={t.fields[key]}>
            {(ids) => (
              <Input
                {...ids}
                type="number"
                min={0}
                step={key.endsWith("Money") ? "any" : 1}
                defaultValue={budget?.[key] ?? ""}
                onChange={(event) => change(key, event.target.valueAsNumber)}
              />
            )}
          </Field>
        ))}
      </div>
      <p className="mt-2 text-ink-3 text-xs">{t.budgetHelp}</p>
    </fieldset>
  );
}
