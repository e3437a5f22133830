import { findNode, type WorkflowDocument } from "../graph/document";
import { strings } from "../strings";
import { useRun } from "./context";
import { inWords, total } from "./usage";

const t = strings.usage;

/** What the run used: as a whole, and node by node in the order of the workflow. */
export function UsagePanel({ document, onSelect }: { document: WorkflowDocument; onSelect(nodeId: string): void }) {
  const nodes = useRun(({ run }) => run.usage) ?? {};
  const whole = total(nodes);
  if (!whole) return <p className="p-6 text-center text-ink-3 text-sm">{t.nothing}</p>;
  const rows = document.nodes.flatMap(({ id }) => (nodes[id] ? [{ id, usage: nodes[id] }] : []));
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <table className="w-full table-fixed text-left text-sm">
        <caption className="sr-only">{t.title}</caption>
        <colgroup>
          <col className="w-[40%] md:w-[25%]" />
          <col />
        </colgroup>
        <tbody>
          <tr className="border-line border-b">
            <th scope="row" className="px-4 py-2 align-top font-medium">
              {t.whole}
            </th>
            <td className="tabular break-words px-4 py-2 align-top text-ink-2">{inWords(whole).join(" · ")}</td>
          </tr>
          {rows.map(({ id, usage }) => (
            <tr key={id} className="border-line border-b">
              <th scope="row" className="px-4 py-2 align-top font-normal">
                <button
                  type="button"
                  onClick={() => onSelect(id)}
                  className="max-w-full break-words text-left text-accent hover:underline"
                >
                  {findNode(document, id)?.name}
                </button>
              </th>
              <td className="tabular break-words px-4 py-2 align-top text-ink-2">{inWords(usage).join(" · ")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
