import { createContext } from "react";
import type { Diagnostic } from "../graph/document";

export interface CanvasAbilities {
  /** Opens the node picker at a screen position, for a port or an edge. Null on a canvas that only shows. */
  pickAfter: ((nodeId: string, port: string, at: { x: number; y: number }) => void) | null;
  pickOnEdge: ((edgeId: string, at: { x: number; y: number }) => void) | null;
  removeEdge: ((edgeId: string) => void) | null;
  issues: ReadonlyMap<string, Diagnostic[]>;
}

export const CanvasContext = createContext<CanvasAbilities>({
  pickAfter: null,
  pickOnEdge: null,
  removeEdge: null,
  issues: new Map(),
});
