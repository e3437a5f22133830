import { CircleCheck, LoaderCircle } from "lucide-react";
import type { Category } from "../graph/catalogue";
import { NodeIcon } from "../ui/NodeIcon";

interface Piece {
  x: number;
  y: number;
  icon: string;
  category: Category;
  name: string;
  running?: boolean;
}

const PIECES: Piece[] = [
  { x: 40, y: 210, icon: "webhook", category: "trigger", name: "New orders" },
  { x: 250, y: 210, icon: "braces", category: "data", name: "Classify" },
  { x: 460, y: 120, icon: "mail", category: "message", name: "Approval" },
  { x: 460, y: 300, icon: "database", category: "data", name: "Insert orders", running: true },
];

/** A picture of a workflow in motion, for the side of the log-in page. */
export function WeaveArt() {
  return (
    <svg
      aria-hidden="true"
      viewBox="20 90 660 290"
      className="absolute inset-x-6 top-[16%] h-[46%] w-[calc(100%-48px)]"
    >
      <g fill="none" strokeWidth="2">
        <path d="M210 238h40" stroke="var(--ok)" />
        <path d="M420 238c28 0 12-90 40-90" stroke="var(--ok)" />
        <path d="M420 238c28 0 12 90 40 90" stroke="var(--busy)" strokeDasharray="6 6" />
      </g>
      {PIECES.map((piece) => (
        <foreignObject key={piece.name} x={piece.x} y={piece.y} width="190" height="64" className="overflow-visible">
          <div className="m-1 flex h-12 w-41 items-center gap-2 rounded-lg border border-line bg-surface px-2 shadow-md">
            <NodeIcon icon={piece.icon} category={piece.category} size="sm" />
            <span className="min-w-0 flex-1 truncate font-medium text-xs">{piece.name}</span>
            {piece.running ? (
              <LoaderCircle size={14} className="animate-spin text-busy" />
            ) : (
              <CircleCheck size={14} className="text-ok" />
            )}
          </div>
        </foreignObject>
      ))}
    </svg>
  );
}
