import { ArrowRight, GitCompareArrows } from "lucide-react";
import type { ReactNode } from "react";
import { type Catalogue, findType } from "../../graph/catalogue";
import {
  type ChangeKind,
  type DocumentDiff,
  type EdgeChange,
  isSame,
  lineDiff,
  type NodeChange,
  type ValueChange,
} from "../../graph/diff";
import type { Json } from "../../graph/document";
import { strings } from "../../strings";
import { cx } from "../../ui/cx";
import { NodeIcon } from "../../ui/NodeIcon";
import { Empty } from "../../ui/States";

const t = strings.versions;

const TONES: Record<ChangeKind, string> = {
  added: "bg-ok-soft text-ok",
  changed: "bg-warn-soft text-warn",
  removed: "bg-bad-soft text-bad",
};

interface DiffViewProps {
  diff: DocumentDiff;
  catalogue: Catalogue;
  /** What the two states are called. */
  names: [string, string];
}

/** What differs, node by node, each value before and after. */
export function DiffView({ diff, catalogue, names }: DiffViewProps) {
  if (isSame(diff)) {
    return (
      <Empty icon={<GitCompareArrows size={20} />} title={t.same}>
        {t.sameText(...names)}
      </Empty>
    );
  }
  const rest = [diff.moved > 0 && t.moved(diff.moved), diff.notes > 0 && t.notes(diff.notes)].filter(Boolean);
  return (
    <div className="space-y-5 p-4 sm:p-5">
      {diff.nodes.length > 0 && (
        <Part title={t.nodes}>
          {diff.nodes.map((change) => (
            <NodePart key={change.id} change={change} catalogue={catalogue} />
          ))}
        </Part>
      )}
      {diff.edges.length > 0 && (
        <Part title={t.connections}>
          {diff.edges.map((change) => (
            <EdgePart key={`${change.kind}-${change.edge.id}`} change={change} />
          ))}
        </Part>
      )}
      {diff.settings.length > 0 && (
        <Part title={t.workflow}>
          <li className="space-y-2 p-3">
            {diff.settings.map((change) => (
              <Value key={change.path} change={change} />
            ))}
          </li>
        </Part>
      )}
      {rest.length > 0 && <p className="text-ink-3 text-xs">{rest.join(" · ")}</p>}
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h3 className="mb-1.5 font-medium text-ink-3 text-xs">{title}</h3>
      <ul className="divide-y divide-line overflow-hidden rounded-lg border border-line bg-surface">{children}</ul>
    </section>
  );
}

function KindBadge({ kind }: { kind: ChangeKind }) {
  return (
    <span className={cx("shrink-0 rounded-full px-2 font-medium text-2xs leading-5", TONES[kind])}>
      {t.kinds[kind]}
    </span>
  );
}

function NodePart({ change, catalogue }: { change: NodeChange; catalogue: Catalogue }) {
  const entry = findType(catalogue, change.type, 1) ?? catalogue.nodes.find(({ type }) => type === change.type);
  return (
    <li className="p-3">
      <div className="flex items-center gap-2.5">
        <NodeIcon icon={entry?.icon} category={entry?.category} />
        <div className="min-w-0 flex-1">
          <div className="truncate font-medium text-sm">{change.name}</div>
          <div className="truncate text-2xs text-ink-3">{entry?.name ?? change.type}</div>
        </div>
        <KindBadge kind={change.kind} />
      </div>
      {change.values.length > 0 && (
        <div className="mt-2.5 space-y-2">
          {change.values.map((value) => (
            <Value key={value.path} change={value} />
          ))}
        </div>
      )}
    </li>
  );
}

function EdgePart({ change: { kind, edge, source, target } }: { change: EdgeChange }) {
  const end = (name: string, port: string) => (port === "main" ? name : `${name} ${t.port(port)}`);
  return (
    <li className="flex items-center gap-2 px-3 py-2 text-sm">
      <span className="flex min-w-0 flex-1 flex-wrap items-center gap-x-2">
        <span className="truncate">{end(source, edge.sourcePort)}</span>
        <ArrowRight size={13} className="shrink-0 text-ink-3" aria-hidden />
        <span className="truncate">{end(target, edge.targetPort)}</span>
      </span>
      <KindBadge kind={kind} />
    </li>
  );
}

const textOf = (value: Json) => (typeof value === "string" ? value : JSON.stringify(value, null, 2));

function Value({ change: { path, before, after } }: { change: ValueChange }) {
  const both = typeof before === "string" && typeof after === "string";
  const lines = both && (before.includes("\n") || after.includes("\n")) ? lineDiff(before, after) : null;
  return (
    <div>
      <div className="mb-0.5 font-mono text-2xs text-ink-3">{path.replace(/^(params|settings)\./, "")}</div>
      <div className="overflow-hidden rounded-md border border-line font-mono text-xs">
        {lines ? (
          lines.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have nothing else to be known by, and never move.
            <Mark key={index} kind={line.kind} text={line.text} />
          ))
        ) : (
          <>
            <Mark kind="removed" text={before === undefined ? null : textOf(before)} />
            <Mark kind="added" text={after === undefined ? null : textOf(after)} />
          </>
        )}
      </div>
    </div>
  );
}

const SIGNS = { same: " ", added: "+", removed: "−" };
const LINES = { same: "text-ink-2", added: "bg-ok-soft text-ink", removed: "bg-bad-soft text-ink" };

function Mark({ kind, text }: { kind: "same" | "added" | "removed"; text: string | null }) {
  return (
    <div className={cx("flex gap-2 px-2 py-px", LINES[kind])}>
      <span aria-hidden className="select-none text-ink-2">
        {SIGNS[kind]}
      </span>
      <span className="sr-only">{kind === "removed" ? t.before : kind === "added" ? t.after : ""}</span>
      <span className="min-w-0 whitespace-pre-wrap break-words">
        {text === null ? <em className="text-ink-2">{t.notSet}</em> : text}
      </span>
    </div>
  );
}
