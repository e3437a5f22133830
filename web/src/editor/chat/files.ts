/** Files of a message in the test chat: what the trigger takes of them, and what stands for them in its item. */

import type { WorkflowNode } from "../../graph/document";
import { strings } from "../../strings";

const t = strings.chat;
/** Of all files of a message together: what comes here, the published chat takes as well. */
export const MOST_BYTES = Math.floor(3.7 * 1024 * 1024);

export interface Takes {
  /** Endings and MIME types; none for any. */
  accept: string[];
  most: number;
}

/** What files a chat takes; null where it takes none. */
export function takes({ params }: Pick<WorkflowNode, "params">): Takes | null {
  if (params.takesFiles !== true) return null;
  const accept = String(params.accept ?? "")
    .split(",")
    .map((kind) => kind.trim().toLowerCase())
    .filter(Boolean);
  return { accept, most: typeof params.mostFiles === "number" ? params.mostFiles : 3 };
}

/** Why some files cannot be sent together; null where they can. As the published chat says it. */
export function refusal(files: readonly File[], { accept, most }: Takes): string | null {
  if (files.length > most) return t.tooManyFiles(most);
  for (const file of files) {
    if (file.size === 0) return t.emptyFile(file.name);
    if (accept.length > 0 && !accept.some((kind) => isOf(kind, file))) return t.fileKinds(file.name, accept.join(", "));
  }
  return files.reduce((sum, { size }) => sum + size, 0) > MOST_BYTES ? t.tooLarge : null;
}

function isOf(kind: string, file: File): boolean {
  if (kind.startsWith(".")) return file.name.toLowerCase().endsWith(kind);
  const type = (file.type || "application/octet-stream").split(";")[0]?.trim().toLowerCase() ?? "";
  return kind.endsWith("/*") ? type.startsWith(kind.slice(0, -1)) : type === kind;
}

/** The names of an item's files, as a published chat gives them. */
export const nameOf = (place: number) => (place === 0 ? "file" : `file_${place}`);
