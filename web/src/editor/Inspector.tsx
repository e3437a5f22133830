import {
  AlignCenterHorizontal,
  AlignCenterVertical,
  AlignEndHorizontal,
  AlignEndVertical,
  AlignHorizontalSpaceBetween,
  AlignStartHorizontal,
  AlignStartVertical,
  AlignVerticalSpaceBetween,
  Columns3,
  EllipsisVertical,
  type LucideIcon,
  Play,
  X,
} from "lucide-react";
import { useContext, useEffect, useRef, useState } from "react";
import { ALIGNMENTS, type Alignment } from "../graph/align";
import { ASKS_API } from "../graph/palette";
import { nameRefusal, renameNode } from "../graph/reducers";
import { strings } from "../strings";
import { Button, IconButton } from "../ui/Button";
import { isComposing } from "../ui/composing";
import { Markdown } from "../ui/Markdown";
import { NodeIcon } from "../ui/NodeIcon";
import { Tabs } from "../ui/Tabs";
import { deleteSelection, duplicateSelection, toggleDisabledSelection } from "./actions";
import { leaveField } from "./canvasFocus";
import { OutputPanel } from "./data/OutputPanel";
import { openNodeMenu } from "./NodeMenu";
import { NodeSettingsForm } from "./NodeSettingsForm";
import { OperationDocs } from "./OperationDocs";
import { ParamsTab } from "./ParamsTab";
import { canRunPart } from "./parts";
import { alignSelection, groupSelection, tidyUp } from "./placing";
import { currentDocument, edit, select, useDocument, useEditor, useNodeType, useSelectedNode } from "./store";
import { RunningContext } from "./useRunning";

const t = strings.editor;

/** The side panel: what the selected node does and how it is set up. */
export function Inspector() {
  const node = useSelectedNode();
  const entry = useNodeType(node);
  const count = useEditor((state) => state.nodes.size);
  const hasRun = useEditor((state) => state.runStore !== null);
  const focusField = useEditor((state) => state.focusField);
  const [tab, setTab] = useState("params");
  useEffect(() => {
    if (focusField) setTab(focusField.field.startsWith("settings") ? "settings" : "params");
  }, [focusField]);

  if (!node) return count > 1 ? <ManySelected count={count} /> : null;
  const tabs = [
    { value: "params", label: t.tabs.params, content: <ParamsTab node={node} entry={entry} /> },
    {
      value: "settings",
      label: t.tabs.settings,
      content: <NodeSettingsForm key={node.id} node={node} entry={entry} />,
    },
    ...(hasRun || node.pinned
      ? [
          {
            value: "data",
            label: t.tabs.data,
            content: <OutputPanel node={node} entry={entry} />,
          },
        ]
      : []),
    {
      value: "docs",
      label: t.tabs.docs,
      content: (
        // biome-ignore lint/a11y/useSemanticElements: a section would be a second landmark inside the panel.
        <div
          tabIndex={0}
          role="region"
          aria-label={t.tabs.docs}
          className="min-h-0 flex-1 space-y-4 overflow-y-auto p-4"
        >
          {node.type === ASKS_API && <OperationDocs params={node.params} />}
          <Markdown text={entry ? `${entry.summary}\n\n${entry.docs}` : ""} />
        </div>
      ),
    },
  ];
  return (
    <section aria-label={t.inspector} className="flex min-h-0 flex-1 flex-col bg-surface">
      <header className="flex items-center gap-2.5 px-4 pt-3.5 pb-2">
        <NodeIcon icon={entry?.icon} category={entry?.category} />
        <div className="min-w-0 flex-1">
          <NameInput key={node.id} id={node.id} name={node.name} />
          <div className="truncate px-1.5 text-ink-3 text-xs">
            {entry ? entry.name : t.unknownType(node.type, node.version)}
          </div>
        </div>
        <RunNodeButton nodeId={node.id} />
        <IconButton label={strings.data.expand} shortcut="Enter" onClick={() => useEditor.setState({ expanded: true })}>
          <Columns3 size={15} />
        </IconButton>
        <IconButton
          label={strings.parts.more}
          onClick={(event) => {
            const box = event.currentTarget.getBoundingClientRect();
            openNodeMenu(node.id, { x: box.left, y: box.bottom });
          }}
        >
          <EllipsisVertical size={16} />
        </IconButton>
        <IconButton label={strings.common.close} onClick={() => select([])}>
          <X size={16} />
        </IconButton>
      </header>
      <Tabs
        label={t.inspector}
        value={tabs.some((entry_) => entry_.value === tab) ? tab : "params"}
        onChange={setTab}
        tabs={tabs}
      />
    </section>
  );
}

function RunNodeButton({ nodeId }: { nodeId: string }) {
  const running = useContext(RunningContext);
  const document = useDocument();
  const catalogue = useEditor((state) => state.catalogue);
  if (!running || !canRunPart(document, catalogue, nodeId)) return null;
  return (
    <IconButton
      label={strings.parts.runNode}
      disabled={running.starting}
      onClick={() => void running.runPart("only", nodeId)}
    >
      <Play size={15} />
    </IconButton>
  );
}

const ALIGN_ICONS: Record<Alignment, LucideIcon> = {
  left: AlignStartVertical,
  center: AlignCenterVertical,
  right: AlignEndVertical,
  top: AlignStartHorizontal,
  middle: AlignCenterHorizontal,
  bottom: AlignEndHorizontal,
  spreadX: AlignHorizontalSpaceBetween,
  spreadY: AlignVerticalSpaceBetween,
};

function ManySelected({ count }: { count: number }) {
  return (
    <section aria-label={t.inspector} className="flex flex-col gap-3 bg-surface p-4">
      <h2 className="font-semibold">{t.manySelected(count)}</h2>
      <p className="text-ink-2 text-sm">{t.nodesSelectedHelp}</p>
      <div className="flex flex-wrap gap-2">
        <Button size="sm" onClick={duplicateSelection}>
          {t.duplicate}
        </Button>
        <Button size="sm" onClick={toggleDisabledSelection}>{`${t.disable} / ${t.enable}`}</Button>
        <Button size="sm" onClick={groupSelection}>
          {strings.canvas.makeGroup}
        </Button>
        <Button size="sm" onClick={() => void tidyUp()}>
          {strings.canvas.tidy}
        </Button>
        <Button size="sm" variant="danger" onClick={deleteSelection}>
          {t.delete}
        </Button>
      </div>
      <h3 className="mt-2 font-medium text-xs">{strings.canvas.align}</h3>
      <div role="toolbar" aria-label={strings.canvas.align} className="flex flex-wrap gap-1">
        {ALIGNMENTS.map((how) => {
          const Icon = ALIGN_ICONS[how];
          return (
            <IconButton key={how} label={strings.canvas.alignments[how]} onClick={() => alignSelection(how)}>
              <Icon size={16} />
            </IconButton>
          );
        })}
      </div>
    </section>
  );
}

/** The node's name. Renaming rewrites every expression that refers to it. */
function NameInput({ id, name }: { id: string; name: string }) {
  const [text, setText] = useState(name);
  const renaming = useEditor((state) => state.renaming === id);
  const input = useRef<HTMLInputElement>(null);
  const refused = text === name ? null : nameRefusal(currentDocument(), id, text.trim());
  useEffect(() => setText(name), [name]);
  useEffect(() => {
    if (!renaming) return;
    input.current?.select();
    useEditor.setState({ renaming: null });
  }, [renaming]);
  const commit = () => {
    if (refused) setText(name);
    else edit((document) => renameNode(document, id, text.trim()));
  };
  return (
    <>
      <input
        ref={input}
        aria-label={t.rename}
        aria-invalid={refused ? true : undefined}
        value={text}
        maxLength={120}
        onChange={(event) => setText(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (isComposing(event)) return;
          if (event.key === "Enter") leaveField(event.currentTarget);
          if (event.key === "Escape") setText(name);
        }}
        className="w-full truncate rounded-sm bg-transparent px-1.5 font-semibold text-ink hover:bg-surface-3 focus:bg-surface-3 aria-invalid:text-bad"
      />
      {refused && <p className="px-1.5 text-bad text-xs">{t.nameRefusals[refused]}</p>}
    </>
  );
}
