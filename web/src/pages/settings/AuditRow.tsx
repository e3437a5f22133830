import { ChevronRight } from "lucide-react";
import type { AuditEntry } from "../../api/audit";
import { strings } from "../../strings";
import { ago, dateTime } from "../../ui/time";
import { type Counted, countedOf, RefusalTable, refusedWords, timesWords } from "./Refusals";

const t = strings.audit;

/** An entry: one line, which opens to what was there before and after. */
export function AuditRow({ entry }: { entry: AuditEntry }) {
  const counted = countedOf(entry);
  return (
    <li>
      <details className="group">
        <summary className="flex cursor-pointer list-none items-center gap-3 px-4 py-2.5 transition-colors hover:bg-surface-2 focus-visible:bg-surface-2 [&::-webkit-details-marker]:hidden">
          <ChevronRight
            size={14}
            aria-hidden
            className="shrink-0 text-ink-3 transition-transform group-open:rotate-90 motion-reduce:transition-none"
          />
          <div className="min-w-0 flex-1">
            <div className="flex items-baseline gap-2">
              <span
                className={`truncate font-medium text-sm ${counted || entry.action.endsWith(".refused") ? "text-bad" : "text-ink"}`}
              >
                {counted ? refusedWords(counted) : wordsOf(entry.action)}
              </span>
              <span className="hidden min-w-0 truncate text-ink-3 text-xs sm:inline">{nameOf(entry)}</span>
            </div>
            <div className="truncate text-ink-2 text-xs">
              {counted ? timesWords(counted) : actorOf(entry)}
              {!counted && entry.address && <span className="text-ink-3">{` · ${entry.address}`}</span>}
            </div>
          </div>
          <span className="shrink-0 text-ink-3 text-xs" title={dateTime(entry.at)}>
            {ago(entry.at)}
          </span>
        </summary>
        <div className="space-y-3 border-line border-t bg-surface-2 px-4 py-3 sm:pl-11">
          <Changes entry={entry} />
          {counted && <RefusalTable counted={counted} />}
          <Facts entry={entry} counted={counted} />
        </div>
      </details>
    </li>
  );
}

/** An action in words: `folder.changed` is “Folder changed”. */
export function wordsOf(action: string): string {
  const words = action
    .replace(/[._]/g, " ")
    .replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function actorOf(entry: AuditEntry): string {
  if (entry.actorKind === "system") return t.system;
  if (entry.actorKind === "visitor") return t.unknown;
  const kind = t.kinds[entry.actorKind];
  return [kind, entry.actor || entry.userId].filter(Boolean).join(" ");
}

/** What the thing is called, where the entry knows. */
function nameOf(entry: AuditEntry): string {
  const found = [entry.after?.name, entry.before?.name, entry.details.name].find((one) => typeof one === "string");
  return (found as string | undefined) ?? "";
}

function Changes({ entry }: { entry: AuditEntry }) {
  const names = [...new Set([...Object.keys(entry.before ?? {}), ...Object.keys(entry.after ?? {})])];
  if (names.length === 0) return null;
  return (
    <div className="overflow-x-auto rounded-lg border border-line bg-surface">
      <table className="w-full text-left text-xs">
        <caption className="sr-only">{t.changes}</caption>
        <thead className="text-ink-3">
          <tr>
            {[t.field, t.before, t.after].map((head) => (
              <th key={head} scope="col" className="px-3 py-1.5 font-medium">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {names.map((name) => (
            <tr key={name} className="align-top">
              <th scope="row" className="px-3 py-1.5 font-medium text-ink-2">
                {name}
              </th>
              <Value value={entry.before?.[name]} gone />
              <Value value={entry.after?.[name]} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Value({ value, gone = false }: { value: unknown; gone?: boolean }) {
  const there = value !== undefined && value !== null;
  return (
    <td className="px-3 py-1.5">
      {there ? (
        <span
          className={`wrap-anywhere whitespace-pre-wrap rounded px-1 font-mono ${gone ? "bg-bad-soft" : "bg-ok-soft"}`}
        >
          {textOf(value)}
        </span>
      ) : (
        <span className="text-ink-3">{t.none}</span>
      )}
    </td>
  );
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  const large = value as { bytes?: unknown; sha256?: unknown };
  if (typeof large.bytes === "number" && typeof large.sha256 === "string") return t.large(large.bytes);
  return JSON.stringify(value);
}

function Facts({ entry, counted }: { entry: AuditEntry; counted: Counted | null }) {
  const facts: [string, string][] = [
    [t.time, dateTime(entry.at)],
    [t.subject, entry.subject],
    [t.address, entry.address],
    [t.agent, entry.agent],
    [t.request, entry.requestId],
    [t.details, Object.keys(entry.details).length > 0 && !counted ? JSON.stringify(entry.details) : ""],
    [t.hash, entry.hash],
  ];
  return (
    <dl className="grid grid-cols-[5rem_minmax(0,1fr)] gap-x-3 gap-y-1 text-xs">
      {facts
        .filter(([, value]) => value !== "")
        .map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-ink-3">{name}</dt>
            <dd className="wrap-anywhere font-mono text-ink-2">{value}</dd>
          </div>
        ))}
    </dl>
  );
}
