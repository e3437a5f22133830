import { Braces, ListTree, Play, Table2 } from "lucide-react";
import { useContext, useMemo, useState } from "react";
import { outputPorts } from "../../graph/catalogue";
import { upstream } from "../../graph/connect";
import { findNode, type Item, type WorkflowNode } from "../../graph/document";
import { nodeRoot, schemaOf } from "../../graph/schema";
import { ItemJson } from "../../run/ItemJson";
import { ItemTable } from "../../run/ItemsView";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { Segmented } from "../../ui/Segmented";
import { Select } from "../../ui/Select";
import { Skeleton } from "../../ui/States";
import { ago } from "../../ui/time";
import { canRunPart } from "../parts";
import { useDocument, useEditor, useNodeType } from "../store";
import { RunningContext } from "../useRunning";
import { SchemaTree } from "./SchemaTree";
import { type DataSource, inputOf, useGiven } from "./where";

const t = strings.data;

/** What comes into a node: the items of a node before it, as a tree of fields, a table or JSON. */
export function InputPanel({ node }: { node: WorkflowNode }) {
  const document = useDocument();
  const catalogue = useEditor((state) => state.catalogue);
  const before = useMemo(() => upstream(document, node.id), [document, node.id]);
  const direct = useMemo(() => inputOf(document, catalogue, node.id), [document, catalogue, node.id]);
  const [chosen, setChosen] = useState<string | null>(null);
  const sourceId = chosen && before.includes(chosen) ? chosen : (direct[0]?.nodeId ?? before[0]);
  const source = sourceId ? findNode(document, sourceId) : undefined;
  if (!source) {
    return (
      <div className="p-6 text-center">
        <p className="font-medium text-sm">{t.noInput}</p>
        <p className="mt-1 text-ink-3 text-sm">{t.noInputText}</p>
      </div>
    );
  }
  const ports = direct.filter((edge) => edge.nodeId === source.id).map((edge) => edge.port);
  const options = before.flatMap((id) => {
    const one = findNode(document, id);
    return one ? [{ value: id, label: one.name }] : [];
  });
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      {options.length > 1 && (
        <div className="px-4 pt-3">
          <Select compact label={t.inputFrom} value={source.id} onChange={setChosen} options={options} />
        </div>
      )}
      <SourceData
        key={source.id}
        source={source}
        ports={ports}
        root={ports.length > 0 ? "$json" : nodeRoot(source.name)}
      />
    </div>
  );
}

interface SourceDataProps {
  source: WorkflowNode;
  /** The ports that lead straight to the node whose input this is; none where others are between. */
  ports: string[];
  root: string;
}

function SourceData({ source, ports, root }: SourceDataProps) {
  const entry = useNodeType(source);
  const port = ports[0] ?? outputPorts(source, entry)[0]?.name ?? "main";
  const { items, pinned, loading, where } = useGiven(source, port);
  if (loading) return <Skeleton className="m-4 h-40" />;
  if (items.length === 0) return <NoData source={source} />;
  return (
    <>
      <Views items={items} root={root} />
      <Footer pinned={pinned} where={where} />
    </>
  );
}

const VIEWS = [
  { value: "schema", label: t.schema, icon: <ListTree size={13} /> },
  { value: "table", label: strings.run.table, icon: <Table2 size={13} /> },
  { value: "json", label: strings.run.json, icon: <Braces size={13} /> },
];

function Views({ items, root }: { items: readonly Item[]; root: string }) {
  const [view, setView] = useState("schema");
  const fields = useMemo(() => schemaOf(items.map((item) => item.json)), [items]);
  return (
    <>
      <div className="px-4 py-2">
        <Segmented label={strings.run.view} value={view} onChange={setView} options={VIEWS} />
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a section would be a second landmark inside the panel. */}
      <div tabIndex={0} role="region" aria-label={t.input} className="min-h-0 flex-1 overflow-auto px-4 pb-3">
        {view === "schema" && <SchemaTree fields={fields} root={root} />}
        {view === "table" && <ItemTable items={items} offset={0} root={root} />}
        {view === "json" && <ItemJson items={items} root={root} />}
      </div>
    </>
  );
}

function Footer({ pinned, where }: { pinned: boolean; where: DataSource }) {
  const from = pinned ? t.fromPinned : where.startedAt ? t.fromRun(ago(where.startedAt)) : null;
  return (
    <p className="border-line border-t px-4 py-2 text-2xs text-ink-3">
      {[from, t.dragHint].filter(Boolean).join(" · ")}
    </p>
  );
}

function NoData({ source }: { source: WorkflowNode }) {
  const running = useContext(RunningContext);
  const document = useDocument();
  const catalogue = useEditor((state) => state.catalogue);
  const can = canRunPart(document, catalogue, source.id);
  return (
    <div className="flex flex-col items-center gap-3 p-6 text-center">
      <div>
        <p className="font-medium text-sm">{t.noData}</p>
        <p className="mt-1 text-ink-3 text-sm">{t.noDataText}</p>
      </div>
      {running && (
        <Button
          size="sm"
          icon={<Play size={13} />}
          busy={running.starting}
          onClick={() => running.start(can ? { untilNodeId: source.id } : {})}
        >
          {can ? t.runBefore(source.name) : strings.editor.run}
        </Button>
      )}
    </div>
  );
}
