import { ChevronRight, Ellipsis, Folder as FolderIcon, FolderPlus, Layers, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import type { Folder } from "../../api/organising";
import { strings } from "../../strings";
import { IconButton } from "../../ui/Button";
import { cx } from "../../ui/cx";
import { Menu, MenuItem, MenuLine } from "../../ui/Menu";
import { type Branch, pathTo, treeOf } from "./folders";

const t = strings.organising;

interface FolderTreeProps {
  folders: readonly Folder[];
  selected: string;
  onSelect(id: string): void;
  onNew(parent: Folder | null): void;
  onEdit(folder: Folder): void;
  onDelete(folder: Folder): void;
}

/** The folders at the side of the list: what is chosen is shown, with all that is below it. */
export function FolderTree({ folders, selected, onSelect, onNew, onEdit, onDelete }: FolderTreeProps) {
  const [shut, setShut] = useState<ReadonlySet<string>>(new Set());
  const toggle = (id: string) =>
    setShut((before) => {
      const next = new Set(before);
      if (!next.delete(id)) next.add(id);
      return next;
    });

  const branch = ({ folder, depth, total, children }: Branch) => {
    const open = !shut.has(folder.id);
    return (
      <li key={folder.id}>
        <div
          className={cx(
            "group flex h-8 items-center rounded-md pr-1 transition-colors focus-within:bg-surface-3",
            folder.id === selected ? "bg-accent-soft text-accent" : "text-ink-2 hover:bg-surface-3 hover:text-ink",
          )}
          style={{ paddingLeft: 2 + depth * 14 }}
        >
          {children.length > 0 ? (
            <button
              type="button"
              aria-expanded={open}
              aria-label={open ? t.close(folder.name) : t.open(folder.name)}
              onClick={() => toggle(folder.id)}
              className="flex size-5 shrink-0 items-center justify-center rounded-sm"
            >
              <ChevronRight size={13} className={cx("transition-transform", open && "rotate-90")} aria-hidden />
            </button>
          ) : (
            <span className="w-5 shrink-0" />
          )}
          <button
            type="button"
            aria-current={folder.id === selected ? "page" : undefined}
            onClick={() => onSelect(folder.id)}
            className="flex h-full min-w-0 flex-1 items-center gap-1.5 rounded-sm text-left text-sm"
          >
            <FolderIcon size={14} className="shrink-0" aria-hidden />
            <span className="truncate">{folder.name}</span>
          </button>
          <span className="tabular px-1 text-2xs group-focus-within:hidden group-hover:hidden">{total}</span>
          <span className="sr-only group-focus-within:not-sr-only group-hover:not-sr-only has-data-[state=open]:not-sr-only">
            <FolderMenu folder={folder} onNew={onNew} onEdit={onEdit} onDelete={onDelete} />
          </span>
        </div>
        {open && children.length > 0 && <ul>{children.map(branch)}</ul>}
      </li>
    );
  };

  return (
    <nav aria-label={t.folders} className="text-sm">
      <div className="mb-1 flex h-8 items-center gap-1 pl-2">
        <span className="flex-1 font-medium text-ink-3 text-xs">{t.folders}</span>
        <IconButton small label={t.newFolder} onClick={() => onNew(null)}>
          <FolderPlus size={15} />
        </IconButton>
      </div>
      <button
        type="button"
        aria-current={selected === "" ? "page" : undefined}
        onClick={() => onSelect("")}
        className={cx(
          "flex h-8 w-full items-center gap-1.5 rounded-md px-2 text-left transition-colors",
          selected === "" ? "bg-accent-soft text-accent" : "text-ink-2 hover:bg-surface-3 hover:text-ink",
        )}
      >
        <Layers size={14} className="shrink-0" aria-hidden />
        <span className="truncate">{t.allFolders}</span>
      </button>
      <ul>{treeOf(folders).map(branch)}</ul>
    </nav>
  );
}

type FolderMenuProps = { folder: Folder } & Pick<FolderTreeProps, "onNew" | "onEdit" | "onDelete">;

/** What can be done with a folder. */
export function FolderMenu({ folder, onNew, onEdit, onDelete }: FolderMenuProps) {
  return (
    <Menu
      trigger={
        <IconButton small label={t.folderMenu(folder.name)}>
          <Ellipsis size={14} />
        </IconButton>
      }
    >
      <MenuItem icon={<FolderPlus size={14} />} onSelect={() => onNew(folder)}>
        {t.newFolderIn(folder.name)}
      </MenuItem>
      <MenuItem icon={<Pencil size={14} />} onSelect={() => onEdit(folder)}>
        {t.editFolder}
      </MenuItem>
      <MenuLine />
      <MenuItem icon={<Trash2 size={14} />} danger onSelect={() => onDelete(folder)}>
        {t.deleteFolder}
      </MenuItem>
    </Menu>
  );
}

/** The way from the top to the chosen folder. */
export function Crumbs({ folders, selected, onSelect }: Pick<FolderTreeProps, "folders" | "selected" | "onSelect">) {
  const path = pathTo(folders, selected || null);
  if (path.length === 0) return null;
  return (
    <ol className="flex min-w-0 flex-wrap items-center gap-0.5 text-ink-3 text-sm" aria-label={t.folder}>
      <li>
        <button type="button" onClick={() => onSelect("")} className="rounded-sm px-1 hover:text-ink hover:underline">
          {t.allFolders}
        </button>
      </li>
      {path.map((folder) => (
        <li key={folder.id} className="flex items-center gap-0.5">
          <ChevronRight size={13} aria-hidden />
          {folder.id === selected ? (
            <span className="px-1 font-medium text-ink">{folder.name}</span>
          ) : (
            <button
              type="button"
              onClick={() => onSelect(folder.id)}
              className="rounded-sm px-1 hover:text-ink hover:underline"
            >
              {folder.name}
            </button>
          )}
        </li>
      ))}
    </ol>
  );
}
