import { messageOf, sentences } from "../ui/message";
import { toast } from "../ui/toasts";
import type { Saver } from "./saver";
import { useEditor } from "./store";

/** Saves the draft for what needs it saved. False, and a message with this title, where that did not work. */
export async function savedOrTold(saver: React.RefObject<Saver | null>, title: string): Promise<boolean> {
  if (await saver.current?.flush()) return true;
  // What was typed while that was under way goes with a second save.
  if (useEditor.getState().save === "dirty" && (await saver.current?.flush())) return true;
  const { save, saveError } = useEditor.getState();
  // A conflict has its own dialog.
  if (save !== "conflict" && saveError) {
    const why = messageOf(saveError);
    toast({ tone: "bad", title, detail: sentences(why.title, why.detail) });
  }
  return false;
}
