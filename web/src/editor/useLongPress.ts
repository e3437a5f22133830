import { type TouchEvent, useEffect, useMemo, useRef } from "react";
import type { Position } from "../graph/document";

const PRESS_MS = 500;
/** Pixels that a finger may wander. */
const SLACK = 10;

/**
 * A finger that rests on a node's card asks for its menu, as a right click does. Where the browser itself makes a context
 * menu of it (Android), that opens the same menu again.
 *
 * Returns the handlers for the canvas.
 */
export function useLongPress(onPress: (nodeId: string, at: Position) => void) {
  const press = useRef<{ timer: number; at: Position } | null>(null);
  useEffect(() => () => clearTimeout(press.current?.timer), []);
  return useMemo(() => {
    const end = () => {
      clearTimeout(press.current?.timer);
      press.current = null;
    };
    return {
      onTouchStartCapture(event: TouchEvent) {
        end();
        const finger = event.touches[0];
        const card = (event.target as Element).closest(".react-flow__node-card[data-id]");
        const id = card?.getAttribute("data-id");
        if (!finger || event.touches.length > 1 || !id) return;
        const at = { x: finger.clientX, y: finger.clientY };
        const timer = window.setTimeout(() => {
          press.current = null;
          onPress(id, at);
        }, PRESS_MS);
        press.current = { timer, at };
      },
      onTouchMoveCapture(event: TouchEvent) {
        const finger = event.touches[0];
        const { current } = press;
        if (!finger || !current) return;
        const moved = Math.hypot(finger.clientX - current.at.x, finger.clientY - current.at.y);
        if (moved > SLACK) end();
      },
      onTouchEndCapture: end,
      onTouchCancelCapture: end,
    };
  }, [onPress]);
}
