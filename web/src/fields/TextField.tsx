import { type DragEvent, type RefObject, useContext, useEffect, useMemo, useRef, useState } from "react";
import { hasExpression } from "../graph/references";
import { cx } from "../ui/cx";
import type { TextEditorHandle } from "./editorHandle";
import { FIELD_TYPE } from "./inserting";
import { forgetTarget, useInsertTarget } from "./insertTarget";
import { PreviewLine } from "./PreviewLine";
import { ScopeContext } from "./scope";
import { TextEditor } from "./TextEditor";

interface TextFieldProps {
  id?: string;
  label: string;
  value: string;
  onChange(value: string): void;
  placeholder?: string | undefined;
  multiline?: boolean;
  autoFocus?: boolean;
  handle?: RefObject<TextEditorHandle | null>;
  /** Where it is wrong without any data, in code points. */
  wrongAt?: number | null;
  "aria-describedby"?: string | undefined;
  "aria-invalid"?: true | undefined;
}

/**
 * A field for text that may hold `{{ }}`. Its editor stays the same while an expression begins or ceases: only its
 * colour changes, and the value of the expression is shown below while somebody writes.
 */
export function TextField(props: TextFieldProps) {
  const { label, value, onChange, placeholder, multiline = false, wrongAt = null, handle, autoFocus, ...aria } = props;
  const scope = useContext(ScopeContext);
  const [engaged, setEngaged] = useState(false);
  const [failsAt, setFailsAt] = useState<number | null>(null);
  const own = useRef<TextEditorHandle>(null);
  const editor = handle ?? own;
  const target = useMemo(
    () => ({ title: label, insert: (path: string) => editor.current?.putField(path) }),
    [label, editor],
  );
  useEffect(() => () => forgetTarget(target), [target]);
  const expressing = hasExpression(value);
  const { over, ...dropping } = useDropping((path) => editor.current?.putField(path));
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only notices that the editor within has the focus.
    <div
      onFocus={() => {
        setEngaged(true);
        useInsertTarget.setState({ target });
      }}
      onBlur={(event) => {
        if (event.currentTarget.contains(event.relatedTarget)) return;
        // Once the focus has arrived elsewhere: what goes from a dialog in between makes it take the focus itself.
        setTimeout(() => setEngaged(false));
      }}
      {...dropping}
    >
      <div
        data-over={over || undefined}
        className={cx(
          "overflow-hidden rounded-md border shadow-xs transition-colors focus-within:outline-1",
          expressing
            ? "bg-expression-soft/40 focus-within:border-expression focus-within:outline-expression"
            : "bg-surface focus-within:border-accent focus-within:outline-accent",
          // One colour of the border at a time: which of two would win is the stylesheet's order.
          aria["aria-invalid"]
            ? "border-bad"
            : expressing
              ? "border-expression-line"
              : "border-line-strong hover:border-ink-3",
        )}
      >
        <TextEditor
          id={aria.id}
          label={label}
          value={value}
          onChange={onChange}
          multiline={multiline}
          placeholder={placeholder}
          scope={scope}
          wrongAt={(engaged ? failsAt : null) ?? wrongAt}
          describedBy={aria["aria-describedby"]}
          invalid={aria["aria-invalid"] === true}
          autoFocus={autoFocus ?? false}
          handle={editor}
        />
      </div>
      {engaged && expressing && <PreviewLine text={value} onError={setFailsAt} />}
    </div>
  );
}

/** Notices a field of the data that is dragged over an element; takes it unless something within did. */
export function useDropping(take: (path: string) => void) {
  const [over, setOver] = useState(false);
  return {
    over,
    onDragOver: (event: DragEvent) => {
      if (!event.dataTransfer.types.includes(FIELD_TYPE)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
      setOver(true);
    },
    onDragLeave: (event: DragEvent) => {
      if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
    },
    onDrop: (event: DragEvent) => {
      setOver(false);
      const path = event.dataTransfer.getData(FIELD_TYPE);
      if (!path || event.defaultPrevented) return;
      event.preventDefault();
      take(path);
    },
  };
}
