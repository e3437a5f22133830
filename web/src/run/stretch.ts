/** Which stretch of a run the timeline shows, as fractions of the whole. Pure. */

export interface Stretch {
  from: number;
  length: number;
}

export const WHOLE: Stretch = { from: 0, length: 1 };
const SHORTEST = 1 / 1024;

const within = (from: number, length: number): Stretch => ({ from: Math.min(Math.max(0, from), 1 - length), length });

/** Shows `factor` times less, about the same middle. */
export function zoomed({ from, length }: Stretch, factor: number): Stretch {
  const next = Math.min(1, Math.max(SHORTEST, length / factor));
  return within(from + (length - next) / 2, next);
}

/** Goes on, or back, by a fraction of what is shown. */
export function moved({ from, length }: Stretch, by: number): Stretch {
  return within(from + by * length, length);
}

/** Where a bar is within the stretch, for CSS; what is outside is cut off by its lane. */
export function place(begin: number, length: number, stretch: Stretch): { left: string; width: string } {
  const from = (begin - stretch.from) / stretch.length;
  // What begins at the very end is seen, too: a bar is 3 pixels wide at least.
  const left = from > 0.99 && from <= 1 ? "calc(100% - 3px)" : `${from * 100}%`;
  return { left, width: `${(length / stretch.length) * 100}%` };
}
