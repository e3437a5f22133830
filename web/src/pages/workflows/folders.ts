/** Folders as a tree. Pure. */

import type { Folder } from "../../api/organising";

export interface Branch {
  folder: Folder;
  depth: number;
  /** Workflows in it and below. */
  total: number;
  children: Branch[];
}

/** The folders as branches, each level by name. One whose parent is unknown stands at the top. */
export function treeOf(folders: readonly Folder[]): Branch[] {
  const known = new Set(folders.map((folder) => folder.id));
  const grow = (parent: string | null, depth: number): Branch[] =>
    folders
      .filter((folder) => (folder.parentId && known.has(folder.parentId) ? folder.parentId : null) === parent)
      .map((folder) => {
        const children = grow(folder.id, depth + 1);
        const below = children.reduce((sum, child) => sum + child.total, 0);
        return { folder, depth, total: folder.workflows + below, children };
      });
  return grow(null, 0);
}

/** All branches in the order in which they are shown. */
export function flat(branches: readonly Branch[]): Branch[] {
  return branches.flatMap((branch) => [branch, ...flat(branch.children)]);
}

/** The folders from the top to one, itself last. */
export function pathTo(folders: readonly Folder[], id: string | null): Folder[] {
  const path: Folder[] = [];
  for (let next = id; next !== null; ) {
    const folder = folders.find((one) => one.id === next);
    if (!folder || path.includes(folder)) break;
    path.unshift(folder);
    next = folder.parentId ?? null;
  }
  return path;
}

/** The ids of a folder and all below: where it cannot be moved to. */
export function within(folders: readonly Folder[], id: string): Set<string> {
  const found = new Set([id]);
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const folder of folders) if (folder.parentId && found.has(folder.parentId)) found.add(folder.id);
  }
  return found;
}
