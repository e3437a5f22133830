import type { Diagnostic } from "../graph/document";
import { cx } from "../ui/cx";
import { said } from "./findings";

interface RowFindingsProps {
  id?: string;
  /** Where the row stands: `params.headers.0`. */
  path: string;
  diagnostics: ReadonlyMap<string, readonly Diagnostic[]>;
  /** Of which of the row's fields: those that say what is wrong with them themselves are left out. */
  but?(name: string): boolean;
}

/** What is said of a row, and of all that lies in it: `params.headers.0.value` of `params.headers.0`. */
export function findingsBelow(
  diagnostics: ReadonlyMap<string, readonly Diagnostic[]>,
  path: string,
  but: (name: string) => boolean = () => false,
): Diagnostic[] {
  return [...diagnostics].flatMap(([place, found]) => {
    if (place === path) return found;
    if (!place.startsWith(`${path}.`)) return [];
    return but(place.slice(path.length + 1).split(".")[0] ?? "") ? [] : found;
  });
}

/** The words for a row of small inputs, which have no room for words themselves. */
export function RowFindings({ id, path, diagnostics, but }: RowFindingsProps) {
  const found = findingsBelow(diagnostics, path, but);
  const words = said(found);
  if (!words) return null;
  const warns = found.every(({ severity }) => severity === "warning");
  return (
    <p id={id} data-findings={path} className={cx("col-span-full text-2xs", warns ? "text-warn" : "text-bad")}>
      {words}
    </p>
  );
}
