import { useMemo, useState } from "react";
import type { WorkflowVersion } from "../../api/types";
import { useVersion } from "../../api/versions";
import { type DocumentDiff, diff } from "../../graph/diff";
import type { WorkflowDocument } from "../../graph/document";
import { strings } from "../../strings";
import { Select } from "../../ui/Select";
import { Failed, LoadingPage } from "../../ui/States";
import { Tabs } from "../../ui/Tabs";
import { useDocument, useEditor } from "../store";
import { Deeds } from "./Deeds";
import { DiffView } from "./DiffView";
import { DRAFT, draftSide, firstOther, isLater, type Side } from "./sides";
import { VersionCanvas } from "./VersionCanvas";
import { SaidTo } from "./Waiting";

const t = strings.versions;

/** A state's document: the draft's from the editor, a version's from the server. */
function useDocumentOf(number: number): { document: WorkflowDocument | null; error: unknown; retry(): void } {
  const id = useEditor((state) => state.workflowId);
  const draft = useDocument();
  const version = useVersion(id, number === DRAFT ? null : number);
  return {
    document: number === DRAFT ? draft : (version.data?.document ?? null),
    error: version.error,
    retry: () => void version.refetch(),
  };
}

interface ComparedProps {
  side: Side;
  /** The key of what it is compared with at first; without it the next best. */
  base: string | undefined;
  sides: readonly Side[];
  versions: readonly WorkflowVersion[];
  onClose(): void;
}

/** One state of the workflow beside another: what differs in words, and on the canvas. */
export function Compared({ side, base: first, sides, versions, onClose }: ComparedProps) {
  const [tab, setTab] = useState("changes");
  const [picked, setPicked] = useState(() => first ?? firstOther(side, sides).key);
  const base = sides.find(({ key }) => key === picked) ?? draftSide;
  const mine = useDocumentOf(side.number);
  const other = useDocumentOf(base.number);
  const [older, newer] = isLater(side, base) ? [base, side] : [side, base];
  const [before, after] = older === side ? [mine.document, other.document] : [other.document, mine.document];
  const failed = mine.error ?? other.error;
  const retry = () => {
    if (mine.error) mine.retry();
    if (other.error) other.retry();
  };
  const version = versions.find(({ number }) => number === side.number);
  return (
    <section className="flex min-h-0 min-w-0 flex-1 flex-col max-md:min-h-120 max-md:shrink-0" aria-label={side.name}>
      <div className="flex flex-wrap items-center gap-2 border-line border-b px-3 py-2">
        <span className="text-ink-2 text-xs">{t.compareWith}</span>
        <div className="w-48">
          <Select
            compact
            label={t.compareWith}
            value={base.key}
            onChange={setPicked}
            options={sides.filter(({ key }) => key !== side.key).map(({ key, name }) => ({ value: key, label: name }))}
          />
        </div>
        <Summary before={before} after={after} />
        <span className="flex-1" />
        {side.number !== DRAFT && (
          <Deeds number={side.number} version={version} document={mine.document} onClose={onClose} />
        )}
      </div>
      {side.number !== DRAFT && <SaidTo number={side.number} />}
      {version?.note && (
        <p className="wrap-anywhere max-h-24 overflow-y-auto whitespace-pre-wrap border-line border-b px-3 py-2 text-ink-2 text-sm">
          {version.note}
        </p>
      )}
      {failed ? (
        <Failed error={failed} onRetry={retry} />
      ) : !before || !after ? (
        <LoadingPage />
      ) : (
        <Difference before={before} after={after} names={[older.name, newer.name]} tab={tab} onTab={setTab} />
      )}
    </section>
  );
}

function Summary({ before, after }: { before: WorkflowDocument | null; after: WorkflowDocument | null }) {
  const change = useMemo(() => before && after && diff(before, after), [before, after]);
  if (!change) return null;
  return <span className="text-ink-3 text-xs">{inNumbers(change)}</span>;
}

function inNumbers({ nodes }: DocumentDiff): string {
  const count = (kind: string) => nodes.filter((node) => node.kind === kind).length;
  return t.summary(count("added"), count("removed"), count("changed"));
}

interface DifferenceProps {
  before: WorkflowDocument;
  after: WorkflowDocument;
  /** What the two states are called. */
  names: [string, string];
  tab: string;
  onTab(tab: string): void;
}

/** What differs between two documents. */
export function Difference({ before, after, names, tab, onTab }: DifferenceProps) {
  const catalogue = useEditor((state) => state.catalogue);
  const change = useMemo(() => diff(before, after), [before, after]);
  return (
    <Tabs
      value={tab}
      onChange={onTab}
      label={t.show}
      tabs={[
        {
          value: "changes",
          label: t.changes,
          content: (
            <section tabIndex={0} aria-label={t.changes} className="min-h-0 flex-1 overflow-y-auto bg-surface-2">
              <DiffView diff={change} catalogue={catalogue} names={names} />
            </section>
          ),
        },
        {
          value: "canvas",
          label: t.canvas,
          content: (
            <div className="relative min-h-0 flex-1">
              <VersionCanvas before={before} after={after} diff={change} catalogue={catalogue} />
            </div>
          ),
        },
      ]}
    />
  );
}
