import type { ReactNode } from "react";
import { FIELD_TYPE } from "../fields/inserting";
import type { Item, Json } from "../graph/document";
import { expressionPath } from "../graph/schema";

/** Above so many characters JSON is shown as plain text: a page of it must stay quick. */
const MOST_MARKED = 60_000;

type Path = readonly (string | number)[];

interface ItemJsonProps {
  items: readonly Item[];
  /** What expressions say for an item, where names can be dragged into parameters. */
  root?: string;
}

/** Items as JSON. */
export function ItemJson({ items, root }: ItemJsonProps) {
  const data = items.map((item) => item.json);
  const text = JSON.stringify(data, null, 2);
  return (
    <pre className="whitespace-pre-wrap break-words rounded-lg bg-surface-2 p-3 font-mono text-xs leading-5">
      {root === undefined || text.length > MOST_MARKED ? text : drawn(data, root, [], 0)}
    </pre>
  );
}

/** The text of a value as `JSON.stringify(value, null, 2)` has it, with names that can be dragged. */
function drawn(value: Json, root: string, path: Path, depth: number): ReactNode {
  const isList = Array.isArray(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  const entries = isList ? value.map((entry, index) => [index, entry] as const) : Object.entries(value);
  if (entries.length === 0) return isList ? "[]" : "{}";
  const indent = "  ".repeat(depth + 1);
  return (
    <>
      {isList ? "[\n" : "{\n"}
      {entries.map(([key, entry], index) => {
        // The first list is that of the items: an expression is for one of them.
        const here = depth === 0 ? [] : [...path, key];
        return (
          <span key={key}>
            {indent}
            {!isList && (
              <>
                <Name path={expressionPath(root, here)}>{JSON.stringify(key)}</Name>
                {": "}
              </>
            )}
            {drawn(entry as Json, root, here, depth + 1)}
            {index < entries.length - 1 ? ",\n" : "\n"}
          </span>
        );
      })}
      {`${"  ".repeat(depth)}${isList ? "]" : "}"}`}
    </>
  );
}

function Name({ path, children }: { path: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: by keyboard a field is chosen from the tree.
    <span
      draggable
      title={path}
      className="cursor-grab rounded-sm text-(--code-name) hover:bg-expression-soft"
      onDragStart={(event) => {
        event.dataTransfer.setData(FIELD_TYPE, path);
        event.dataTransfer.setData("text/plain", path);
      }}
    >
      {children}
    </span>
  );
}
