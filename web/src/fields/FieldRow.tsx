import { type DragEvent, useEffect, useMemo, useRef, useState } from "react";
import type { Diagnostic, Json } from "../graph/document";
import { hasExpression } from "../graph/references";
import type { Field as FieldSpec } from "../graph/visible";
import { strings } from "../strings";
import { cx } from "../ui/cx";
import { Field } from "../ui/Form";
import { Switch } from "../ui/Switch";
import { Control } from "./controls";
import { ExpressionInput } from "./ExpressionInput";
import { said } from "./findings";
import { FIELD_TYPE, INSERT_EVENT, withField } from "./inserting";
import { forgetTarget, useInsertTarget } from "./insertTarget";
import { CollectionField, ConditionsField, KeyValueField } from "./lists";

const t = strings.fields;

export interface FieldRowProps {
  field: FieldSpec;
  value: Json;
  path: string;
  diagnostics: ReadonlyMap<string, readonly Diagnostic[]>;
  onChange(value: Json): void;
  compact: boolean;
}

const LISTS = { keyValue: KeyValueField, collection: CollectionField, conditions: ConditionsField };

/** One field with its label, help, findings, and the switch between a fixed value and an expression. */
export function FieldRow({ field, value, path, diagnostics, onChange, compact }: FieldRowProps) {
  const { ui, title } = field;
  const findings = diagnostics.get(path) ?? [];
  const error = said(findings);
  const wrongAt = findings.find(({ position }) => position != null)?.position ?? null;
  const isList = ui.kind in LISTS && Array.isArray(value ?? []);
  const canExpress = ui.expression && !isList;
  const [forced, setForced] = useState(false);
  const before = useRef<Json>(undefined);
  const expressing = canExpress && (forced || (hasExpression(value) && ui.kind !== "json"));

  const toggle = () => {
    const last = before.current;
    before.current = value;
    if (expressing) {
      setForced(false);
      onChange(last !== undefined && !hasExpression(last) ? last : (field.schema.default ?? undefined));
    } else {
      setForced(true);
      if (hasExpression(last)) onChange(last);
      else if (typeof value === "number" || typeof value === "boolean") onChange(`{{ ${value} }}`);
      else if (value === undefined || value === null || value === "") onChange("{{  }}");
    }
  };

  const row = useRef<HTMLDivElement>(null);
  const [over, setOver] = useState(false);
  const insert = (field_: string) => {
    const editor = row.current?.querySelector(".cm-content");
    if (expressing && editor) editor.dispatchEvent(new CustomEvent(INSERT_EVENT, { detail: field_, cancelable: true }));
    else {
      before.current = value;
      setForced(true);
      onChange(withField(value, field_));
    }
  };
  const latest = useRef(insert);
  latest.current = insert;
  const target = useMemo(() => ({ title, insert: (chosen: string) => latest.current(chosen) }), [title]);
  useEffect(() => () => forgetTarget(target), [target]);
  const taking = canExpress
    ? {
        ref: row,
        "data-over": over || undefined,
        onFocus: () => useInsertTarget.setState({ target }),
        onDragOver: (event: DragEvent) => {
          if (!event.dataTransfer.types.includes(FIELD_TYPE)) return;
          event.preventDefault();
          setOver(true);
        },
        onDragLeave: () => setOver(false),
        onDrop: (event: DragEvent) => {
          setOver(false);
          const dropped = event.dataTransfer.getData(FIELD_TYPE);
          if (!dropped || event.defaultPrevented) return;
          event.preventDefault();
          insert(dropped);
        },
      }
    : {};

  const aside = canExpress && (
    <button
      type="button"
      aria-pressed={expressing}
      aria-label={expressing ? t.toFixed(title) : t.toExpression(title)}
      title={expressing ? t.fixed : t.expression}
      onClick={toggle}
      className={cx(
        "rounded-sm px-1.5 py-0.5 font-mono text-2xs transition-colors",
        expressing ? "bg-expression-soft text-expression" : "text-ink-3 hover:bg-surface-3 hover:text-ink",
      )}
    >
      fx
    </button>
  );
  if (ui.kind === "boolean" && !expressing) {
    return <BooleanRow field={field} value={value} path={path} error={error} aside={aside} onChange={onChange} />;
  }
  if (isList) {
    const List = LISTS[ui.kind as keyof typeof LISTS];
    return (
      <fieldset data-field={path} className="min-w-0">
        <legend className="mb-1 font-medium text-xs">
          {title}
          {field.required && <span className="text-bad">{" *"}</span>}
        </legend>
        <List
          field={field}
          rows={(value ?? []) as Record<string, Json>[]}
          path={path}
          diagnostics={diagnostics}
          onChange={onChange}
        />
        {(error || ui.help) && (
          <p className={cx("mt-1 text-xs", error ? "text-bad" : "text-ink-3")}>{error || ui.help}</p>
        )}
      </fieldset>
    );
  }
  return (
    <div data-field={path} className="min-w-0" {...taking}>
      <Field label={title} required={field.required} help={compact ? undefined : ui.help} error={error} aside={aside}>
        {(ids) =>
          expressing ? (
            <ExpressionInput
              {...ids}
              label={t.expressionLabel(title)}
              value={typeof value === "string" ? value : JSON.stringify(value ?? "")}
              onChange={onChange}
              multiline={ui.kind === "multiline" || ui.kind === "json"}
              wrongAt={wrongAt}
            />
          ) : (
            <Control ids={ids} field={field} value={value} wrongAt={wrongAt} onChange={onChange} />
          )
        }
      </Field>
    </div>
  );
}

interface BooleanRowProps {
  field: FieldSpec;
  value: Json;
  path: string;
  error: string;
  aside: React.ReactNode;
  onChange(value: Json): void;
}

function BooleanRow({ field, value, path, error, aside, onChange }: BooleanRowProps) {
  return (
    <div data-field={path} className="flex items-start gap-2">
      <div className="min-w-0 flex-1">
        <div className="font-medium text-xs">{field.title}</div>
        {(error || field.ui.help) && (
          <div className={cx("text-xs", error ? "text-bad" : "text-ink-3")}>{error || field.ui.help}</div>
        )}
      </div>
      {aside}
      <Switch label={field.title} checked={value === true} onChange={onChange} />
    </div>
  );
}
