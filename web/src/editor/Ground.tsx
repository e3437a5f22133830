import { Background, BackgroundVariant, useStore } from "@xyflow/react";
import { GRID } from "../graph/geometry";

/** Below this zoom nobody can read what is small on a card: it is left out, and the names are drawn larger. */
const FAR = 0.4;
/** Below this one not even the names. */
const VERY_FAR = 0.22;

/** From so many nodes on only those in sight are drawn. */
export const MANY_NODES = 150;

/** The class of a canvas by how much of the workflow it shows at once. */
export function useDistance(): "" | "is-far" | "is-far is-very-far" {
  return useStore(({ transform: [, , zoom] }) =>
    zoom >= FAR ? "" : zoom >= VERY_FAR ? "is-far" : "is-far is-very-far",
  );
}

/** The dots of a canvas, as long as they are apart. */
export function Ground() {
  return useDistance() === "" && <Background variant={BackgroundVariant.Dots} gap={GRID} size={1.6} />;
}
