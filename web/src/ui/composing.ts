import type { KeyboardEvent } from "react";

/**
 * Whether a key belongs to an input method that composes (Japanese, Chinese, Korean): its Enter takes a word, and its
 * Escape leaves one, and neither is for the field. Safari tells the last one by its code only.
 */
export const isComposing = ({ nativeEvent }: KeyboardEvent): boolean =>
  nativeEvent.isComposing || nativeEvent.keyCode === 229;
