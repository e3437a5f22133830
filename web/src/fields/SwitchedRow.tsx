import {
  type ClipboardEvent,
  type FocusEvent,
  type KeyboardEvent,
  useContext,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { flushSync } from "react-dom";
import type { Json } from "../graph/document";
import { hasExpression } from "../graph/references";
import { fromAi } from "../graph/tools";
import { Field } from "../ui/Form";
import { BooleanControl } from "./BooleanControl";
import { Control } from "./controls";
import { asksModel, FromAiButton, InToolContext } from "./FromAiButton";
import { FxButton } from "./FxButton";
import { forgetTarget, useInsertTarget } from "./insertTarget";
import type { RowProps } from "./rowProps";
import { asExpression, needsText, textOf, valueFrom } from "./switching";
import { TextField, useDropping } from "./TextField";

const CONTROLS = "input, textarea, button[role=combobox], button[role=switch]";

/**
 * A field with a control of its own (a number, a switch, a choice) that may hold an expression instead. It changes hands
 * when somebody says so (the switch, a dropped field, `{` typed into the number, `{{` into a text with choices) and takes the focus along; while it has
 * the focus it never changes by itself.
 */
export function SwitchedRow(props: RowProps) {
  const { field, value, path, help, error, wrongAt, onChange } = props;
  const { ui, title } = field;
  const [switched, setSwitched] = useState(false);
  // A text with choices is as free as a select's value: only an expression needs the editor.
  const kind = ui.optionsFrom ? "select" : ui.kind;
  const expressing = switched || needsText(value, kind);
  const [asked, setAsked] = useState(false);
  const row = useRef<HTMLDivElement>(null);
  const toControl = useRef(false);
  const fixed = useRef<Json>(undefined);
  if (!hasExpression(value)) fixed.current = value;
  /** What was written last, and what it stands for: `5.` stays as it is typed, though it is 5. */
  const typed = useRef<{ text: string; value: Json } | null>(null);
  const isTyped = typed.current && Object.is(typed.current.value ?? field.schema.default, value);
  const text = isTyped && typed.current ? typed.current.text : textOf(value);

  const express = (next: string) => {
    // At once: the next key that is pressed is for the editor.
    flushSync(() => {
      setSwitched(true);
      setAsked(true);
      typed.current = null;
      onChange(next);
    });
  };
  const leave = () => {
    setSwitched(false);
    setAsked(false);
  };
  const toggle = () => {
    if (!expressing) express(asExpression(value));
    else {
      toControl.current = true;
      leave();
      onChange(needsText(fixed.current, kind) ? field.schema.default : (fixed.current ?? field.schema.default));
    }
  };
  useLayoutEffect(() => {
    if (expressing || !toControl.current) return;
    toControl.current = false;
    row.current?.querySelector<HTMLElement>(CONTROLS)?.focus();
  });

  const put = (chosen: string) => express(`{{ ${chosen} }}`);
  const latest = useRef(put);
  latest.current = put;
  const target = useMemo(() => ({ title, insert: (chosen: string) => latest.current(chosen) }), [title]);
  useEffect(() => () => forgetTarget(target), [target]);
  const { over, ...dropping } = useDropping((chosen) => {
    if (!expressing) put(chosen);
  });

  /** The number or the text with choices that a key or a paste is for; null where it is for something else. */
  const inInput = ({ target: input }: { target: EventTarget }): HTMLInputElement | null =>
    !expressing && input instanceof HTMLInputElement && (input.type === "number" || input.role === "combobox")
      ? input
      : null;
  const watching = {
    onKeyDown: (event: KeyboardEvent) => {
      const input = inInput(event);
      if (event.key !== "{" || event.ctrlKey || event.metaKey || input === null) return;
      const opened = input.type === "number" ? `${input.value}{` : openedAt(input);
      if (opened === null) return;
      event.preventDefault();
      express(opened);
    },
    onPaste: (event: ClipboardEvent) => {
      const pasted = event.clipboardData.getData("text/plain").trim();
      if (inInput(event) === null || !pasted.includes("{{")) return;
      event.preventDefault();
      express(pasted);
    },
    onFocus: () => {
      if (!expressing) useInsertTarget.setState({ target });
    },
    onBlur: (event: FocusEvent) => {
      if (!event.currentTarget.contains(event.relatedTarget)) leave();
    },
  };
  const inTool = useContext(InToolContext);
  const aside = (
    <>
      {inTool && (
        <FromAiButton title={title} asking={asksModel(value)} onAsk={() => express(fromAi(path, title, ui.kind))} />
      )}
      <FxButton title={title} expressing={expressing} onToggle={toggle} />
    </>
  );
  return (
    <div ref={row} data-field={path} className="min-w-0" {...watching} {...dropping}>
      {ui.kind === "boolean" && !expressing ? (
        <div data-over={over || undefined} className="rounded-md">
          <BooleanControl {...props} aside={aside} />
        </div>
      ) : (
        <Field label={title} required={field.required} help={help} error={error} aside={aside}>
          {(ids) =>
            expressing ? (
              <TextField
                {...ids}
                label={title}
                value={text}
                wrongAt={wrongAt}
                autoFocus={asked}
                onChange={(next) => {
                  typed.current = { text: next, value: valueFrom(next, kind) };
                  setSwitched(true);
                  onChange(typed.current.value);
                }}
              />
            ) : (
              <div data-over={over || undefined} className="rounded-md">
                <Control ids={ids} field={field} value={value} path={path} wrongAt={wrongAt} onChange={onChange} />
              </div>
            )
          }
        </Field>
      )}
    </div>
  );
}

/** A text in which a second `{` is typed right behind the first, as an expression to go on writing; null for any other. */
function openedAt(input: HTMLInputElement): string | null {
  const caret = input.selectionStart ?? 0;
  return input.value.slice(0, caret).endsWith("{") && caret === input.value.length
    ? `${input.value.slice(0, -1)}{{  }}`
    : null;
}
