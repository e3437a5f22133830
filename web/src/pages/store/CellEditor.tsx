import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import type { ColumnType } from "../../api/store";
import { strings } from "../../strings";
import { isComposing } from "../../ui/composing";
import { inputClass } from "../../ui/Form";
import { fieldText } from "./cells";

interface CellEditorProps {
  label: string;
  type: ColumnType;
  value: unknown;
  /** What was typed to begin with; it takes the value's place. */
  first: string | undefined;
  /** The id of what says why it was not stored. */
  invalid: string | undefined;
  /** `null` empties the cell. */
  onSave(text: string | null): void;
  onLeave(): void;
}

/** The field of a cell that is edited: Enter and leaving it store, Escape does not. */
export function CellEditor({ label, type, value, first, invalid, onSave, onLeave }: CellEditorProps) {
  const before = fieldText(value, type);
  const [text, setText] = useState(first ?? before);
  const field = useRef<HTMLInputElement & HTMLSelectElement>(null);
  const done = useRef(false);
  useEffect(() => {
    field.current?.focus();
    if (first === undefined && type !== "boolean") field.current?.select();
  }, [first, type]);
  useEffect(() => {
    if (invalid) done.current = false;
  }, [invalid]);

  const finish = (next: string) => {
    if (done.current) return;
    done.current = true;
    if (next === before) onLeave();
    else onSave(next === "" && type !== "text" ? null : next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (isComposing(event)) return;
    if (event.key === "Enter") finish(text);
    else if (event.key === "Escape") {
      done.current = true;
      onLeave();
    } else return;
    event.preventDefault();
  };
  const shared = {
    ref: field,
    "aria-label": label,
    "aria-invalid": invalid ? (true as const) : undefined,
    "aria-describedby": invalid,
    onKeyDown,
    onBlur: () => finish(text),
    className: `${inputClass} h-7`,
  };
  if (type === "boolean") {
    return (
      <select {...shared} value={text} onChange={(event) => setText(event.target.value)}>
        <option value="">{strings.store.empty}</option>
        <option value="true">true</option>
        <option value="false">false</option>
      </select>
    );
  }
  return (
    <input
      {...shared}
      value={text}
      inputMode={type === "number" ? "decimal" : undefined}
      onChange={(event) => {
        done.current = false;
        setText(event.target.value);
      }}
    />
  );
}
