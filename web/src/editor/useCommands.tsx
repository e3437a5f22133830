import { useReactFlow } from "@xyflow/react";
import { useMemo } from "react";
import { useNavigate } from "react-router";
import { findType, newestTypes } from "../graph/catalogue";
import { strings } from "../strings";
import { NodeIcon } from "../ui/NodeIcon";
import { addNode, selectAll } from "./actions";
import { middleOf } from "./CanvasControls";
import type { Command } from "./CommandPalette";
import { connectSelection } from "./ConnectDialog";
import { zoomToSelection } from "./moving";
import { addNote, groupSelection, tidyUp } from "./placing";
import { goTo, redo, undo, useDocument, useEditor } from "./store";

export interface CommandTargets {
  save(): void;
  run(): void;
  help(): void;
}

const t = strings.editor;
const PAGES = ["workflows", "executions", "approvals", "credentials"] as const;

/** What the command palette of the editor offers. */
export function useCommands({ save, run, help }: CommandTargets): Command[] {
  const document = useDocument();
  const catalogue = useEditor((state) => state.catalogue);
  const navigate = useNavigate();
  const { fitView, screenToFlowPosition } = useReactFlow();
  return useMemo(() => {
    const action = (id: string, label: string, shortcut: string, what: () => void): Command => ({
      id,
      group: "actions",
      label,
      shortcut,
      run: what,
    });
    return [
      action("run", t.run, "mod+enter", run),
      action("save", t.save, "mod+s", save),
      action("undo", t.undo, "mod+z", undo),
      action("redo", t.redo, "mod+shift+z", redo),
      action("fit", t.fit, "f", () => void fitView({ padding: 0.08, maxZoom: 1, duration: 250 })),
      action("zoom", strings.canvas.zoomToSelection, "z", () => zoomToSelection(fitView)),
      action("connect", strings.connecting.menu, "c", connectSelection),
      action("tidy", strings.canvas.tidy, "t", () => void tidyUp()),
      action("note", strings.canvas.addNote, "n", () => addNote(middleOf(screenToFlowPosition))),
      action("group", strings.canvas.makeGroup, "mod+g", groupSelection),
      action("minimap", strings.canvas.minimap, "m", () =>
        useEditor.setState(({ minimap }) => ({ minimap: !minimap })),
      ),
      action("all", t.selectAll, "mod+a", selectAll),
      action("help", t.shortcuts, "?", help),
      ...document.nodes.map((node): Command => {
        const entry = findType(catalogue, node.type, node.version);
        return {
          id: `node-${node.id}`,
          group: "nodes",
          label: node.name,
          detail: entry?.name ?? node.type,
          icon: <NodeIcon icon={entry?.icon} category={entry?.category} size="sm" />,
          run: () => goTo(node.id, null),
        };
      }),
      ...newestTypes(catalogue).map(
        (entry): Command => ({
          id: `add-${entry.type}`,
          group: "add",
          label: strings.commands.add(entry.name),
          detail: entry.summary,
          icon: <NodeIcon icon={entry.icon} category={entry.category} size="sm" />,
          run: () => addNode(entry),
        }),
      ),
      ...PAGES.map(
        (page): Command => ({
          id: `page-${page}`,
          group: "pages",
          label: strings.nav[page],
          run: () => void navigate(`/${page}`),
        }),
      ),
    ];
  }, [document.nodes, catalogue, navigate, fitView, screenToFlowPosition, save, run, help]);
}
