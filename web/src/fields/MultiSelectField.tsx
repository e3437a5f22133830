import { useId } from "react";
import type { Json } from "../graph/document";
import type { Field as FieldSpec } from "../graph/visible";
import { Notes } from "../ui/Form";

interface MultiSelectFieldProps {
  field: FieldSpec;
  value: Json;
  path: string;
  error: string | undefined;
  onChange(value: Json): void;
}

/** Any of the options: a list of their values, in the options' order. What is none of them is shown until it is taken out. */
export function MultiSelectField({ field, value, path, error, onChange }: MultiSelectFieldProps) {
  const note = useId();
  const { ui } = field;
  const chosen = Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
  const known = ui.options ?? [];
  const strays = chosen.filter((one) => !known.some((option) => option.value === one));
  const options = [...known, ...strays.map((one) => ({ value: one, label: one }))];
  return (
    <fieldset data-field={path} className="min-w-0" aria-describedby={error || ui.help ? note : undefined}>
      <legend className="mb-1 font-medium text-xs">{field.title}</legend>
      <div className="flex flex-wrap gap-x-4 gap-y-1.5">
        {options.map((option) => (
          <label key={option.value} className="flex min-h-6 items-center gap-1.5 text-sm">
            <input
              type="checkbox"
              className="size-4 accent-accent"
              checked={chosen.includes(option.value)}
              onChange={(event) => {
                const without = chosen.filter((one) => one !== option.value);
                const next = event.target.checked ? [...without, option.value] : without;
                onChange(options.map((one) => one.value).filter((one) => next.includes(one)));
              }}
            />
            {option.label}
          </label>
        ))}
      </div>
      <Notes id={note} error={error} help={ui.help} className="mt-1" />
    </fieldset>
  );
}
