import { useEffect, useId, useMemo, useRef } from "react";
import type { Diagnostic, Json } from "../graph/document";
import type { Field as FieldSpec } from "../graph/visible";
import { Field, Notes } from "../ui/Form";
import { BooleanControl } from "./BooleanControl";
import { ConditionsField } from "./conditions";
import { Control } from "./controls";
import { said } from "./findings";
import { itemPath } from "./inserting";
import { forgetTarget, useInsertTarget } from "./insertTarget";
import { CollectionField, KeyValueField } from "./lists";
import { MultiSelectField } from "./MultiSelectField";
import { MappingField } from "./options/MappingField";
import type { RowProps } from "./rowProps";
import { SwitchedRow } from "./SwitchedRow";
import { useDropping } from "./TextField";
import { TextRow } from "./TextRow";

export interface FieldRowProps {
  field: FieldSpec;
  value: Json;
  path: string;
  diagnostics: ReadonlyMap<string, readonly Diagnostic[]>;
  onChange(value: Json): void;
}

const LISTS = {
  keyValue: KeyValueField,
  collection: CollectionField,
  mapping: MappingField,
  conditions: ConditionsField,
};
/** Kinds whose value is a text: an expression may begin anywhere in it, unless it has choices. */
const TEXTS = new Set(["text", "multiline", "json"]);

/** One field with its label, help and findings. What it is filled in with follows from its kind, never from its value. */
export function FieldRow({ field, value, path, diagnostics, onChange }: FieldRowProps) {
  const note = useId();
  const { ui } = field;
  const findings = diagnostics.get(path) ?? [];
  const error = said(findings);
  if (ui.kind in LISTS && Array.isArray(value ?? [])) {
    const List = LISTS[ui.kind as keyof typeof LISTS];
    return (
      <fieldset data-field={path} className="min-w-0" aria-describedby={error || ui.help ? note : undefined}>
        <legend className="mb-1 font-medium text-xs">
          {field.title}
          {field.required && <span className="text-bad">{" *"}</span>}
        </legend>
        <List
          field={field}
          rows={(value ?? []) as Record<string, Json>[]}
          path={path}
          diagnostics={diagnostics}
          onChange={onChange}
        />
        <Notes id={note} error={error} help={ui.help} className="mt-1" />
      </fieldset>
    );
  }
  if (ui.kind === "multiSelect") {
    return <MultiSelectField field={field} value={value} path={path} error={error} onChange={onChange} />;
  }
  const row: RowProps = {
    field,
    value,
    path,
    help: ui.help,
    error,
    wrongAt: findings.find(({ position }) => position != null)?.position ?? null,
    onChange,
  };
  if (!ui.expression) return <PlainRow {...row} />;
  return TEXTS.has(ui.kind) && !ui.optionsFrom ? <TextRow {...row} /> : <SwitchedRow {...row} />;
}

/** A field that holds no expression. Where it is a text, a field of the data that is dropped gives its path. */
function PlainRow(props: RowProps) {
  const { field, value, path, error, onChange } = props;
  const takes = field.ui.kind === "text";
  const take = (chosen: string) => onChange(itemPath(chosen));
  const latest = useRef(take);
  latest.current = take;
  const target = useMemo(
    () => ({ title: field.title, insert: (chosen: string) => latest.current(chosen) }),
    [field.title],
  );
  useEffect(() => () => forgetTarget(target), [target]);
  const { over, ...dropping } = useDropping(take);
  if (field.ui.kind === "boolean") {
    return (
      <div data-field={path}>
        <BooleanControl {...props} aside={null} />
      </div>
    );
  }
  return (
    <div
      data-field={path}
      className="min-w-0"
      {...(takes ? { ...dropping, onFocus: () => useInsertTarget.setState({ target }) } : {})}
    >
      <Field label={field.title} required={field.required} help={props.help} error={error}>
        {(ids) => (
          <div data-over={over || undefined} className="rounded-md">
            <Control ids={ids} field={field} value={value} path={path} wrongAt={props.wrongAt} onChange={onChange} />
          </div>
        )}
      </Field>
    </div>
  );
}
