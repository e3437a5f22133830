import {
  CircleDot,
  CircleOff,
  Copy,
  CopyPlus,
  ListFilter,
  Pause,
  PencilLine,
  PinOff,
  Play,
  Redo,
  Spline,
  StepForward,
  Trash2,
} from "lucide-react";
import { useContext } from "react";
import { atNode, breakpointAt } from "../graph/breakpoints";
import { findType } from "../graph/catalogue";
import { findNode } from "../graph/document";
import { strings } from "../strings";
import { MenuItem, MenuLine, PointMenu } from "../ui/Menu";
import { toast } from "../ui/toasts";
import { deleteSelection, duplicateSelection, selectionText, toggleDisabledSelection } from "./actions";
import { connectSelection } from "./ConnectDialog";
import { toggleBreakpoint, useDebugging } from "./debug/breakpoints";
import { canRunPart } from "./parts";
import { unpin } from "./pins";
import { select, useDocument, useEditor } from "./store";
import { RunningContext } from "./useRunning";

const t = strings.editor;

/** Opens a node's menu at a place on the screen, and selects the node. */
export function openNodeMenu(nodeId: string, at: { x: number; y: number }): void {
  const { nodes } = useEditor.getState();
  if (!nodes.has(nodeId)) select([nodeId]);
  useEditor.setState({ menu: { nodeId, ...at } });
}

/** What can be done with a node: by right click, long press, or the menu key. */
export function NodeMenu() {
  const menu = useEditor((state) => state.menu);
  const document = useDocument();
  const catalogue = useEditor((state) => state.catalogue);
  const node = menu ? findNode(document, menu.nodeId) : undefined;
  if (!menu || !node) return null;
  return (
    <PointMenu
      x={menu.x}
      y={menu.y}
      label={strings.parts.menu(node.name)}
      onClose={() => useEditor.setState({ menu: null })}
    >
      {canRunPart(document, catalogue, node.id) && (
        <>
          <RunItems nodeId={node.id} />
          <MenuLine />
        </>
      )}
      {!findType(catalogue, node.type, node.version)?.trigger && <BreakpointItems nodeId={node.id} />}
      {node.pinned && (
        <MenuItem icon={<PinOff size={14} />} onSelect={() => unpin(node.id)}>
          {strings.parts.unpin}
        </MenuItem>
      )}
      <MenuItem
        icon={<PencilLine size={14} />}
        shortcut="F2"
        onSelect={() => {
          select([node.id]);
          // After the menu has given the focus back.
          setTimeout(() => useEditor.setState({ renaming: node.id }));
        }}
      >
        {t.rename}
      </MenuItem>
      <MenuItem icon={<Spline size={14} />} shortcut="c" onSelect={() => setTimeout(connectSelection)}>
        {strings.connecting.menu}
      </MenuItem>
      <MenuItem icon={<Pause size={14} />} shortcut="d" onSelect={toggleDisabledSelection}>
        {node.settings.disabled ? t.enable : t.disable}
      </MenuItem>
      <MenuItem icon={<CopyPlus size={14} />} shortcut="mod+d" onSelect={duplicateSelection}>
        {t.duplicate}
      </MenuItem>
      <MenuItem icon={<Copy size={14} />} shortcut="mod+c" onSelect={copySelection}>
        {t.copy}
      </MenuItem>
      <MenuLine />
      <MenuItem icon={<Trash2 size={14} />} shortcut="Delete" danger onSelect={deleteSelection}>
        {t.delete}
      </MenuItem>
    </PointMenu>
  );
}

/** Whether debug runs stop before a node, and when. */
function BreakpointItems({ nodeId }: { nodeId: string }) {
  const set = useDebugging(({ breakpoints }) => breakpointAt(breakpoints, atNode(nodeId)) !== undefined);
  return (
    <>
      <MenuItem
        icon={set ? <CircleOff size={14} /> : <CircleDot size={14} />}
        shortcut="F9"
        onSelect={() => toggleBreakpoint(atNode(nodeId))}
      >
        {set ? strings.debug.remove : strings.debug.breakpoint}
      </MenuItem>
      {set && (
        <MenuItem
          icon={<ListFilter size={14} />}
          onSelect={() => setTimeout(() => useDebugging.setState({ listing: true }))}
        >
          {strings.debug.edit}
        </MenuItem>
      )}
      <MenuLine />
    </>
  );
}

/** The parts of the workflow that can be run from a node's point of view. */
export function RunItems({ nodeId }: { nodeId: string }) {
  const running = useContext(RunningContext);
  if (!running) return null;
  return (
    <>
      <MenuItem icon={<Play size={14} />} onSelect={() => void running.runPart("only", nodeId)}>
        {strings.parts.runNode}
      </MenuItem>
      <MenuItem icon={<StepForward size={14} />} onSelect={() => running.start({ untilNodeId: nodeId })}>
        {strings.parts.runUntil}
      </MenuItem>
      <MenuItem icon={<Redo size={14} />} onSelect={() => void running.runPart("from", nodeId)}>
        {strings.parts.runFrom}
      </MenuItem>
    </>
  );
}

function copySelection(): void {
  const text = selectionText();
  if (text === null) return;
  navigator.clipboard.writeText(text).catch(() => toast({ tone: "bad", title: strings.errors.clipboard }));
}
