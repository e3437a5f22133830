import type { AuditEntry } from "../../api/audit";
import { strings } from "../../strings";
import { dateTime } from "../../ui/time";

const t = strings.audit.refusals;
const BEGINS = "refused.";

/** What of a kind was refused in a few minutes, counted. */
export interface Counted {
  kind: string;
  times: number;
  first: string;
  last: string;
  facets: Facet[];
}

interface Facet {
  name: string;
  rows: { value: string; times: number }[];
  others: number;
}

/** What an entry counts; null where it tells of one thing that was done. */
export function countedOf(entry: AuditEntry): Counted | null {
  const { times, first, last } = entry.details;
  if (!entry.action.startsWith(BEGINS) || typeof times !== "number") return null;
  return {
    kind: entry.action.slice(BEGINS.length),
    times,
    first: String(first ?? ""),
    last: String(last ?? ""),
    facets: [
      facetOf(entry, t.address, "address", "addresses", "otherAddresses"),
      facetOf(entry, t.operation, "operation", "operations", "otherOperations"),
      facetOf(entry, t.actor, "actor", "actors", "otherActors"),
    ].filter((facet) => facet.rows.length > 0 || facet.others > 0),
  };
}

function facetOf(entry: AuditEntry, name: string, one: string, many: string, others: string): Facet {
  const found = entry.details[many];
  const rows = (Array.isArray(found) ? found : []).map((row: Record<string, unknown>) => ({
    value: String(row[one] ?? ""),
    times: Number(row.times ?? 0),
  }));
  return { name, rows, others: Number(entry.details[others] ?? 0) };
}

/** What was refused, in words: `token_expired` is “Refused: expired token”. */
export function refusedWords({ kind }: Counted): string {
  return t.title(t.kinds[kind] ?? kind.replace(/_/g, " "));
}

/** How often, and from how many addresses. */
export function timesWords(counted: Counted): string {
  const from = counted.facets.find((facet) => facet.name === t.address);
  const [only] = from?.rows ?? [];
  if (!from || !only) return t.times(counted.times);
  if (from.rows.length === 1 && from.others === 0) return t.timesFrom(counted.times, only.value);
  return t.timesFromMany(counted.times, from.rows.length, from.others > 0);
}

/** From where, at what, and by whom it was tried. */
export function RefusalTable({ counted }: { counted: Counted }) {
  return (
    <div className="space-y-2">
      <p className="text-ink-2 text-xs">
        {t.between(counted.times, dateTime(counted.first), dateTime(counted.last))}
        {t.hints[counted.kind] && <span className="text-ink-3">{` ${t.hints[counted.kind]}`}</span>}
      </p>
      {counted.facets.length > 0 && (
        <div className="grid gap-2 sm:grid-cols-2 lg:grid-cols-3">
          {counted.facets.map((facet) => (
            <FacetTable key={facet.name} facet={facet} />
          ))}
        </div>
      )}
    </div>
  );
}

function FacetTable({ facet }: { facet: Facet }) {
  return (
    <div className="overflow-x-auto rounded-lg border border-line bg-surface">
      <table className="w-full text-left text-xs">
        <thead className="text-ink-3">
          <tr>
            <th scope="col" className="px-3 py-1.5 font-medium">
              {facet.name}
            </th>
            <th scope="col" className="px-3 py-1.5 text-right font-medium">
              {t.count}
            </th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {facet.rows.map((row) => (
            <tr key={row.value}>
              <td className="wrap-anywhere px-3 py-1.5 font-mono text-ink-2">{row.value}</td>
              <td className="px-3 py-1.5 text-right text-ink-2 tabular-nums">{row.times.toLocaleString("en")}</td>
            </tr>
          ))}
          {facet.others > 0 && (
            <tr>
              <td className="px-3 py-1.5 text-ink-3">{t.others}</td>
              <td className="px-3 py-1.5 text-right text-ink-2 tabular-nums">{facet.others.toLocaleString("en")}</td>
            </tr>
          )}
        </tbody>
      </table>
    </div>
  );
}
