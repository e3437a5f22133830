import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { FIELD_TYPE } from "../../fields/inserting";
import { useInsertTarget } from "../../fields/insertTarget";
import { expressionPath, type SchemaField } from "../../graph/schema";
import { strings } from "../../strings";
import { cx } from "../../ui/cx";
import { toast } from "../../ui/toasts";

const t = strings.data;

interface SchemaTreeProps {
  fields: readonly SchemaField[];
  /** What expressions say for an item: `$json`. */
  root: string;
  depth?: number;
}

/** The fields of items as a tree. A field is dragged into a parameter, or chosen to go where somebody typed last. */
export function SchemaTree({ fields, root, depth = 0 }: SchemaTreeProps) {
  if (fields.length === 0 && depth === 0) return <p className="p-4 text-center text-ink-3 text-sm">{t.noFields}</p>;
  return (
    <ul className={cx(depth > 0 && "ml-3 border-line border-l pl-1.5")}>
      {fields.map((field) => (
        <Row key={field.key} field={field} root={root} depth={depth} />
      ))}
    </ul>
  );
}

function Row({ field, root, depth }: { field: SchemaField; root: string; depth: number }) {
  const [open, setOpen] = useState(depth < 2);
  const target = useInsertTarget((state) => state.target);
  const path = expressionPath(root, field.path);
  const label = target ? t.insert(path, target.title) : t.copyPath(path);
  const choose = () => {
    if (target) target.insert(path);
    else void copy(`{{ ${path} }}`);
  };
  return (
    <li>
      <div className="flex items-center gap-0.5">
        {field.children.length > 0 ? (
          <button
            type="button"
            aria-expanded={open}
            aria-label={String(field.key)}
            onClick={() => setOpen(!open)}
            className="flex size-4 shrink-0 items-center justify-center rounded-sm text-ink-3 hover:bg-surface-3"
          >
            <ChevronRight size={12} className={cx("transition-transform", open && "rotate-90")} />
          </button>
        ) : (
          <span className="w-4 shrink-0" />
        )}
        <button
          type="button"
          draggable
          title={label}
          aria-label={label}
          onDragStart={(event) => {
            event.dataTransfer.setData(FIELD_TYPE, path);
            // What takes plain text only, like a code editor, gets the path without braces.
            event.dataTransfer.setData("text/plain", path);
            event.dataTransfer.effectAllowed = "copy";
          }}
          onClick={choose}
          className="flex min-w-0 flex-1 cursor-grab select-none items-center gap-2 rounded-md px-1.5 py-1 text-left text-xs hover:bg-expression-soft active:cursor-grabbing"
        >
          <span className="shrink-0 rounded-sm bg-surface-3 px-1 text-2xs text-ink-3">{t.types[field.type]}</span>
          <span className="shrink-0 font-medium">{typeof field.key === "number" ? `[${field.key}]` : field.key}</span>
          {field.children.length === 0 && <span className="truncate text-ink-3">{sampleText(field.sample)}</span>}
        </button>
      </div>
      {open && field.children.length > 0 && <SchemaTree fields={field.children} root={root} depth={depth + 1} />}
    </li>
  );
}

function sampleText(sample: unknown): string {
  const text = typeof sample === "string" ? sample : JSON.stringify(sample);
  return text.slice(0, 80);
}

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast({ tone: "ok", title: t.copied });
  } catch {
    toast({ tone: "bad", title: strings.errors.clipboard });
  }
}
