import { ArrowDown, ArrowUp, ChevronDown, Pencil, Trash2, X } from "lucide-react";
import { useState } from "react";
import { type Column, type Table, useRemoveColumn, useRenameColumn } from "../../api/store";
import { strings } from "../../strings";
import { IconButton } from "../../ui/Button";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { Menu, MenuItem, MenuLine } from "../../ui/Menu";
import { NameDialog } from "./NameDialog";

const t = strings.store;

export type Direction = "ascending" | "descending";
export interface Order {
  column: string;
  direction: Direction;
}

interface ColumnHeadProps {
  table: Table;
  column: Column;
  direction: Direction | null;
  onOrder(direction: Direction | null): void;
}

/** A column's name and type, and what can be done with it. */
export function ColumnHead({ table, column, direction, onOrder }: ColumnHeadProps) {
  const rename = useRenameColumn(table.id);
  const remove = useRemoveColumn(table.id);
  const [asked, setAsked] = useState<"rename" | "remove" | null>(null);
  return (
    <th scope="col" aria-sort={direction ?? "none"} className="border-line border-l px-2 py-1 font-medium">
      <span className="flex items-center gap-1.5">
        <span className="min-w-0 flex-1">
          <span className="block truncate text-ink">{column.name}</span>
          <span className="block font-normal text-2xs text-ink-3">{t.types[column.type]}</span>
        </span>
        {direction === "ascending" && <ArrowUp size={13} aria-hidden />}
        {direction === "descending" && <ArrowDown size={13} aria-hidden />}
        <Menu
          trigger={
            <IconButton small label={t.columnMenu(column.name)}>
              <ChevronDown size={14} />
            </IconButton>
          }
        >
          <MenuItem icon={<ArrowUp size={14} />} onSelect={() => onOrder("ascending")}>
            {t.ascending}
          </MenuItem>
          <MenuItem icon={<ArrowDown size={14} />} onSelect={() => onOrder("descending")}>
            {t.descending}
          </MenuItem>
          <MenuItem icon={<X size={14} />} disabled={direction === null} onSelect={() => onOrder(null)}>
            {t.unsorted}
          </MenuItem>
          <MenuLine />
          <MenuItem icon={<Pencil size={14} />} onSelect={() => setAsked("rename")}>
            {t.renameColumn}
          </MenuItem>
          <MenuItem danger icon={<Trash2 size={14} />} onSelect={() => setAsked("remove")}>
            {t.removeColumn}
          </MenuItem>
        </Menu>
      </span>
      {asked === "rename" && (
        <NameDialog
          title={t.renameColumnTitle(column.name)}
          label={t.columnName}
          action={t.save}
          name={column.name}
          onSave={(name) => rename.mutateAsync({ column: column.id, name })}
          onClose={() => setAsked(null)}
        />
      )}
      {asked === "remove" && (
        <ConfirmDialog
          title={t.removeColumnTitle(column.name)}
          text={t.removeColumnText}
          action={strings.common.delete}
          failed={t.notDeleted}
          onConfirm={() => remove.mutateAsync(column.id)}
          onClose={() => setAsked(null)}
        />
      )}
    </th>
  );
}
