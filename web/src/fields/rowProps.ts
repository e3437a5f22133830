import type { Json } from "../graph/document";
import type { Field } from "../graph/visible";

/** What a row shows of what was found at its field. */
export interface RowProps {
  field: Field;
  value: Json;
  path: string;
  help: string | undefined;
  error: string;
  /** Where it is wrong, in code points. */
  wrongAt: number | null;
  onChange(value: Json): void;
}
