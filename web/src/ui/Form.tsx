import type { InputHTMLAttributes, ReactNode, Ref, TextareaHTMLAttributes } from "react";
import { useId } from "react";
import { cx } from "./cx";
import { Inline } from "./Markdown";

export const inputClass =
  "w-full rounded-md border border-line-strong bg-surface px-2.5 text-ink text-sm shadow-xs transition-colors hover:border-ink-3 focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0 aria-invalid:border-bad disabled:bg-surface-3 disabled:text-ink-3";

export interface InputProps extends InputHTMLAttributes<HTMLInputElement> {
  ref?: Ref<HTMLInputElement>;
}

export function Input({ className, ...rest }: InputProps) {
  return <input className={cx(inputClass, "h-8", className)} {...rest} />;
}

export interface TextareaProps extends TextareaHTMLAttributes<HTMLTextAreaElement> {
  ref?: Ref<HTMLTextAreaElement>;
}

export function Textarea({ className, ...rest }: TextareaProps) {
  return <textarea className={cx(inputClass, "min-h-20 py-1.5 leading-5", className)} {...rest} />;
}

interface FieldProps {
  label: string;
  help?: ReactNode;
  error?: ReactNode;
  required?: boolean;
  aside?: ReactNode;
  children(ids: { id: string; "aria-describedby": string | undefined; "aria-invalid": true | undefined }): ReactNode;
}

/** A label, a control, and what there is to say about it, tied together for screen readers. */
export function Field({ label, help, error, required, aside, children }: FieldProps) {
  const id = useId();
  const note = error || help ? `${id}-note` : undefined;
  return (
    <div>
      <div className="mb-1 flex min-h-6 items-center gap-2">
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: a label is for pointers; keys reach the field itself. */}
        <label
          htmlFor={id}
          onClick={() => focusText(id)}
          className="wrap-anywhere min-w-0 flex-1 font-medium text-ink text-xs"
        >
          {label}
          {required && (
            <span className="text-bad" aria-hidden>
              {" *"}
            </span>
          )}
        </label>
        {aside}
      </div>
      {children({ id, "aria-describedby": note, "aria-invalid": error ? true : undefined })}
      <Notes id={note} error={error} help={help} className="mt-1" />
    </div>
  );
}

interface NotesProps {
  id?: string | undefined;
  error?: ReactNode;
  help?: ReactNode;
  className?: string;
}

/** What there is to say about a control: what is wrong, and the help, which who mends it needs all the more. */
export function Notes({ id, error, help, className }: NotesProps) {
  if (!error && !help) return null;
  return (
    <div id={id} className={cx("space-y-0.5 text-xs", className)}>
      {error && (
        <div className="text-bad">
          <Told text={error} />
        </div>
      )}
      {help && (
        <div className="text-ink-3">
          <Told text={help} />
        </div>
      )}
    </div>
  );
}

/** Help or a finding: `code` in a text is shown as such. */
function Told({ text }: { text: ReactNode }) {
  return typeof text === "string" ? <Inline text={text} /> : text;
}

/** A click on a label gives the focus to what it names; browsers do that for their own controls only. */
function focusText(id: string): void {
  const named = document.getElementById(id);
  if (named?.isContentEditable) named.focus();
}
