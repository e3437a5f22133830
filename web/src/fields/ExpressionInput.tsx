import { lazy, Suspense, useContext, useState } from "react";
import { cx } from "../ui/cx";
import { patient } from "../ui/patient";
import { PreviewLine } from "./PreviewLine";
import { ScopeContext } from "./scope";

const ExpressionEditor = lazy(() =>
  patient(() => import("./ExpressionEditor").then((module) => ({ default: module.ExpressionEditor }))),
);

interface ExpressionInputProps {
  id?: string;
  label: string;
  value: string;
  onChange(value: string): void;
  multiline?: boolean;
  /** Where it is wrong without any data, in code points. */
  wrongAt?: number | null;
  "aria-describedby"?: string | undefined;
  "aria-invalid"?: true | undefined;
}

/** Text with `{{ }}`: highlighted, completed, in the colour that expressions have everywhere. */
export function ExpressionInput({
  label,
  value,
  onChange,
  multiline = false,
  wrongAt = null,
  ...aria
}: ExpressionInputProps) {
  const scope = useContext(ScopeContext);
  const [engaged, setEngaged] = useState(false);
  const [failsAt, setFailsAt] = useState<number | null>(null);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only notices that the editor within has the focus.
    <div
      onFocus={() => setEngaged(true)}
      onBlur={(event) => {
        if (event.currentTarget.contains(event.relatedTarget)) return;
        // Once the focus has arrived elsewhere: what goes from a dialog in between makes it take the focus itself.
        setTimeout(() => setEngaged(false));
      }}
    >
      <div
        className={cx(
          "overflow-hidden rounded-md border border-expression-line bg-expression-soft/40 focus-within:border-expression focus-within:outline-1 focus-within:outline-expression",
          aria["aria-invalid"] && "border-bad",
        )}
      >
        <Suspense
          fallback={
            <div className="min-h-[30px] truncate px-2.5 py-1.5 font-mono text-expression text-xs">{value}</div>
          }
        >
          <ExpressionEditor
            label={label}
            value={value}
            onChange={onChange}
            multiline={multiline}
            scope={scope}
            wrongAt={(engaged ? failsAt : null) ?? wrongAt}
            describedBy={aria["aria-describedby"]}
          />
        </Suspense>
      </div>
      {engaged && <PreviewLine text={value} onError={setFailsAt} />}
    </div>
  );
}
