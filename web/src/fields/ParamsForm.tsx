import { ChevronRight } from "lucide-react";
import { useState } from "react";
import type { ParamSchema } from "../graph/catalogue";
import type { Diagnostic, Json, Params } from "../graph/document";
import { currentValue, fieldsOf, isShown, narrowed } from "../graph/visible";
import { strings } from "../strings";
import { cx } from "../ui/cx";
import { FieldRow } from "./FieldRow";

export interface FormProps {
  schema: ParamSchema;
  params: Readonly<Params>;
  /** Where these values stand below the node: `params`, `params.headers.0`. */
  base: string;
  diagnostics: ReadonlyMap<string, readonly Diagnostic[]>;
  onChange(name: string, value: Json): void;
  /** Closer together: rows of a collection. */
  compact?: boolean;
}

/** A form drawn from a params schema. */
export function ParamsForm({ schema, params, base, diagnostics, onChange, compact }: FormProps) {
  const fields = fieldsOf(schema);
  const shown = fields
    .filter((field) => isShown(field, fields, params))
    .map((field) => narrowed(field, fields, params));
  const main = shown.filter((field) => !field.ui.group);
  const options = shown.filter((field) => field.ui.group);
  const touched = options.some(
    (field) =>
      diagnostics.has(`${base}.${field.name}`) ||
      (params[field.name] !== undefined &&
        JSON.stringify(params[field.name]) !== JSON.stringify(field.schema.default ?? null)),
  );
  const [open, setOpen] = useState(touched);
  const row = (field: (typeof fields)[number]) => (
    <FieldRow
      key={field.name}
      field={field}
      value={currentValue(field, params)}
      path={`${base}.${field.name}`}
      diagnostics={diagnostics}
      onChange={(value) => onChange(field.name, value)}
    />
  );
  if (fields.length === 0) return <p className="text-ink-3 text-sm">{strings.editor.noParams}</p>;
  return (
    <div className={compact ? "space-y-2.5" : "space-y-4"}>
      {main.map(row)}
      {options.length > 0 && (
        <div className="border-line border-t pt-3">
          <button
            type="button"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
            className="flex items-center gap-1 font-medium text-ink-2 text-xs hover:text-ink"
          >
            <ChevronRight size={14} className={cx("transition-transform", open && "rotate-90")} />
            {strings.common.options}
          </button>
          {open && <div className="mt-3 space-y-4">{options.map(row)}</div>}
        </div>
      )}
    </div>
  );
}
