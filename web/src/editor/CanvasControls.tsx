import { useReactFlow } from "@xyflow/react";
import { Maximize, Minus, Plus, SquarePlus } from "lucide-react";
import { strings } from "../strings";
import { IconButton } from "../ui/Button";

const t = strings.editor;

/** Zoom, at the foot of a canvas. */
export function CanvasControls({ onAdd }: { onAdd?: (() => void) | undefined }) {
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
    </div>
  );
}
