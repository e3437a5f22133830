import { Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { type Permission, type Role, useDeleteRole } from "../../api/people";
import { strings } from "../../strings";
import { Button, IconButton } from "../../ui/Button";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { choiceOf, labelOf } from "./InviteDialog";
import { RoleDialog } from "./RoleDialog";
import { Section } from "./Section";

const t = strings.people;

/** The roles that there are; those of the workspace's own are made and changed by who may. */
export function Roles({ roles, mine }: { roles: readonly Role[]; mine: readonly Permission[] }) {
  const [edits, setEdits] = useState<Role | "new">();
  const [deletes, setDeletes] = useState<Role>();
  const remove = useDeleteRole();
  const aside = mine.length > 0 && (
    <Button icon={<Plus size={14} />} onClick={() => setEdits("new")}>
      {t.addRole}
    </Button>
  );
  return (
    <Section title={t.roles} aside={aside}>
      <ul className="divide-y divide-line">
        {roles.map((role) => {
          const own = role.id !== null;
          const mayChange = own && role.permissions.every((one) => mine.includes(one));
          const does = own
            ? role.permissions
                .map((one) => t.permissions[one])
                .filter(Boolean)
                .join(", ")
            : t.meaning[role.role];
          return (
            <li key={choiceOf(role)} className="flex items-center gap-3 px-4 py-2.5">
              <div className="min-w-0 flex-1">
                <div className="wrap-anywhere font-medium text-sm">{labelOf(role)}</div>
                <div className="text-ink-3 text-xs">{does}</div>
              </div>
              {role.members !== null && <span className="shrink-0 text-ink-2 text-xs">{t.count(role.members)}</span>}
              {mayChange && (
                <>
                  <IconButton label={t.editRole(role.name)} onClick={() => setEdits(role)}>
                    <Pencil size={14} aria-hidden />
                  </IconButton>
                  <IconButton label={t.deleteRole(role.name)} onClick={() => setDeletes(role)}>
                    <Trash2 size={14} aria-hidden />
                  </IconButton>
                </>
              )}
            </li>
          );
        })}
      </ul>
      {edits && (
        <RoleDialog role={edits === "new" ? undefined : edits} mine={mine} onClose={() => setEdits(undefined)} />
      )}
      {deletes && (
        <ConfirmDialog
          title={t.deleteTitle(deletes.name)}
          text={deletes.members ? t.deleteUsed : t.deleteText}
          action={strings.common.delete}
          failed={t.notDeleted}
          onConfirm={() => remove.mutateAsync(deletes.id ?? "")}
          onClose={() => setDeletes(undefined)}
        />
      )}
    </Section>
  );
}
