/** What the chat's function says (`functions/system/chat`). */

export interface Shown {
  greeting: string;
  placeholder: string;
  suggestions: string[];
  files: { accept: string[]; most: number } | null;
  mostCharacters: number;
}

export type Texts = Record<string, string>;

/** What stands in the page. `shown` is null where it comes with a session. */
export interface Given {
  place: string;
  /** Where the app is, for members who log in. */
  app: string;
  access: "public" | "password" | "members";
  language: string;
  texts: Texts;
  shown: Shown | null;
}

export type State = "running" | "waiting" | "answered" | "failed" | "stopped";

export interface Progress {
  id: string;
  tag: string;
  state: State;
  answer: string | null;
  coming: string;
  from: number;
  source: string;
  steps: { name: string; state: "works" | "waits" | "done" | "failed" }[];
}

export interface Turn extends Progress {
  messageId: string;
  text: string;
  files: { fileName: string; size: number }[];
}

/** Whether there is more to come. */
export const isOpen = ({ state }: { state: State }) => state === "running" || state === "waiting";
