import { useReactFlow, useStore } from "@xyflow/react";
import { useCallback, useEffect, useRef } from "react";
import type { WorkflowDocument } from "../graph/document";
import { NODE_HEIGHT, NODE_WIDTH } from "../graph/geometry";
import { useNarrow } from "../ui/useMedia";

const MARGIN = 48;

/**
 * Keeps what matters in view when panels change the canvas's size: everything until somebody has moved the view, the
 * selected node from then on. A node that becomes selected out of sight comes into view. Returns what to hand to React
 * Flow.
 */
export function useViewport(document: WorkflowDocument, selected: string | null) {
  const { fitView, getViewport, setViewport } = useReactFlow();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const narrow = useNarrow();
  const moved = useRef(false);
  const size = useRef({ width: 0, height: 0 });
  // Small enough to see all, large enough to read: on a phone reading wins.
  const options = { padding: 0.08, maxZoom: 1, minZoom: narrow ? 0.5 : 0.1 };

  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new size or selection moves the view.
  useEffect(() => {
    const before = size.current;
    const resized = before.width > 0 && (before.width !== width || before.height !== height);
    size.current = { width, height };
    if (width === 0 || height === 0) return;
    if (resized && !narrow && !moved.current && before.height !== height) {
      void fitView({ ...options, duration: 200 });
      return;
    }
    const node = document.nodes.find((entry) => entry.id === selected);
    if (!node) return;
    const { x, y, zoom } = getViewport();
    const left = node.position.x * zoom + x;
    const top = node.position.y * zoom + y;
    const right = left + NODE_WIDTH * zoom;
    const bottom = top + NODE_HEIGHT * zoom;
    // One that can be seen at all stays where it is: perhaps it is being dragged.
    const outside = left > width || right < 0 || top > height || bottom < 0;
    if (!resized && !outside) return;
    const shiftX = right > width - MARGIN ? width - MARGIN - right : left < MARGIN ? MARGIN - left : 0;
    const shiftY = bottom > height - MARGIN ? height - MARGIN - bottom : top < MARGIN ? MARGIN - top : 0;
    if (shiftX || shiftY) void setViewport({ x: x + shiftX, y: y + shiftY, zoom }, { duration: 200 });
  }, [width, height, selected]);

  const onMoveStart = useCallback((event: MouseEvent | TouchEvent | null) => {
    // Moves that code makes have no event.
    if (event) moved.current = true;
  }, []);
  // On a phone a long workflow cannot be shown whole: begin where it begins.
  const onInit = useCallback(() => {
    if (!narrow || document.nodes.length === 0) return;
    const first = document.nodes.reduce((a, b) => (b.position.x < a.position.x ? b : a)).position;
    const zoom = 0.75;
    void setViewport({ x: MARGIN / 2 - first.x * zoom, y: window.innerHeight / 3 - first.y * zoom, zoom });
  }, [narrow, document, setViewport]);
  return { options, onMoveStart, onInit, fitView: !narrow };
}
