import { useReactFlow } from "@xyflow/react";
import { Map as MapIcon, Maximize, Minus, Plus, SquarePlus, StickyNote, Wand } from "lucide-react";
import { strings } from "../strings";
import { IconButton } from "../ui/Button";
import { addNote, tidyUp } from "./placing";
import { useEditor } from "./store";

const t = strings.editor;

/** Zoom, at the foot of a canvas. */
export function CanvasControls({ onAdd, editing = false }: { onAdd?: (() => void) | undefined; editing?: boolean }) {
  const { zoomIn, zoomOut, fitView } = useReactFlow();
  return (
    <div className="absolute bottom-3 left-3 z-5 flex rounded-lg border border-line bg-surface p-0.5 shadow-sm">
      {onAdd && (
        <IconButton label={t.palette} onClick={onAdd} className="text-accent" data-tour="add">
          <SquarePlus size={17} />
        </IconButton>
      )}
      <IconButton label={t.zoomOut} onClick={() => void zoomOut({ duration: 150 })}>
        <Minus size={15} />
      </IconButton>
      <IconButton label={t.zoomIn} onClick={() => void zoomIn({ duration: 150 })}>
        <Plus size={15} />
      </IconButton>
      <IconButton label={t.fit} shortcut="f" onClick={() => void fitView({ padding: 0.08, maxZoom: 1, duration: 250 })}>
        <Maximize size={15} />
      </IconButton>
      {editing && <EditingControls />}
    </div>
  );
}

/** What an editor's canvas has besides: notes, order, the overview map. */
function EditingControls() {
  const { screenToFlowPosition } = useReactFlow();
  const minimap = useEditor((state) => state.minimap);
  const c = strings.canvas;
  return (
    <>
      <span className="mx-0.5 w-px self-stretch bg-line" />
      <IconButton label={c.addNote} shortcut="n" onClick={() => addNote(middleOf(screenToFlowPosition))}>
        <StickyNote size={15} />
      </IconButton>
      <IconButton label={c.tidy} shortcut="t" onClick={() => void tidyUp()}>
        <Wand size={15} />
      </IconButton>
      <IconButton
        label={c.minimap}
        shortcut="m"
        pressed={minimap}
        onClick={() => useEditor.setState({ minimap: !minimap })}
      >
        <MapIcon size={15} />
      </IconButton>
    </>
  );
}

/** The place on the canvas in the middle of what is seen of it. */
export function middleOf(toCanvas: (screen: { x: number; y: number }) => { x: number; y: number }) {
  const box = document.querySelector(".react-flow")?.getBoundingClientRect();
  const screen = box ? { x: box.x + box.width / 2 - 120, y: box.y + box.height / 2 - 80 } : { x: 0, y: 0 };
  return toCanvas(screen);
}
