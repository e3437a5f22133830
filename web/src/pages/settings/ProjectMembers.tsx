import { UserMinus } from "lucide-react";
import { useState } from "react";
import { useMembers } from "../../api/account";
import { useRoles } from "../../api/people";
import {
  type Project,
  type ProjectRole,
  useDropProjectMember,
  useProjectMembers,
  usePutProjectMember,
} from "../../api/projects";
import { strings } from "../../strings";
import { Button, IconButton } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Form";
import { Select, type SelectOption } from "../../ui/Select";
import { Failed, LoadingRows } from "../../ui/States";
import { sayFailed } from "../../ui/toasts";

const t = strings.projects;
const ROLES = ["manager", "editor", "operator", "viewer"] as const;

/** The roles to give in a project: those that every project has but `without`, and the workspace's own. */
export function useProjectRoles(without: readonly string[] = []): SelectOption[] {
  const own = (useRoles().data ?? []).filter((role) => role.id !== null);
  return [
    ...ROLES.filter((role) => !without.includes(role)).map((role) => ({ value: role, label: t.names[role] ?? role })),
    ...own.map((role) => ({ value: role.id ?? "", label: role.name })),
  ];
}

/** The role of a choice: one that every project has, or the id of one of the workspace's own. */
export const roleOf = (value: string): ProjectRole =>
  ROLES.some((role) => role === value)
    ? { role: value as ProjectRole["role"], roleId: null }
    : { role: "custom", roleId: value };

export const tell = (error: unknown) => sayFailed(t.notChanged, error);

/** Who was let into a project; who manages it changes that. */
export function ProjectMembers({ project, onClose }: { project: Project; onClose(): void }) {
  const inside = useProjectMembers(project.id);
  const put = usePutProjectMember();
  const drop = useDropProjectMember();
  const roles = useProjectRoles();
  const manages = project.permissions.includes("projects.manage");
  const give = (user: string, value: string) =>
    put.mutate({ id: project.id, user, role: roleOf(value) }, { onError: tell });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t.members(project.name)}
      description={project.isDefault ? t.everybodyText : undefined}
      footer={<Button onClick={onClose}>{strings.common.close}</Button>}
    >
      {inside.isPending && <LoadingRows rows={2} />}
      {inside.isError && <Failed error={inside.error} onRetry={() => void inside.refetch()} />}
      {inside.data?.length === 0 && !project.isDefault && <p className="pb-2 text-ink-2 text-sm">{t.nobody}</p>}
      {inside.data && inside.data.length > 0 && (
        <ul className="divide-y divide-line">
          {inside.data.map((one) => (
            <li key={one.userId} className="flex items-center gap-2 py-2">
              <div className="min-w-0 flex-1">
                <div className="truncate font-medium text-sm">{one.name}</div>
                {one.kind === "person" && <div className="truncate text-ink-3 text-xs">{one.email}</div>}
              </div>
              {manages ? (
                <>
                  <div className="w-32 shrink-0">
                    <Select
                      label={t.roleOf(one.name)}
                      value={one.roleId ?? one.role}
                      onChange={(value) => give(one.userId, value)}
                      options={roles}
                      compact
                    />
                  </div>
                  <IconButton
                    label={t.drop(one.name)}
                    onClick={() => drop.mutate({ id: project.id, user: one.userId }, { onError: tell })}
                  >
                    <UserMinus size={14} aria-hidden />
                  </IconButton>
                </>
              ) : (
                <span className="text-ink-2 text-sm">{one.roleName ?? t.names[one.role]}</span>
              )}
            </li>
          ))}
        </ul>
      )}
      {manages && inside.data && (
        <LetIn there={inside.data.map(({ userId }) => userId)} roles={roles} busy={put.isPending} give={give} />
      )}
    </Dialog>
  );
}

interface LetInProps {
  there: readonly string[];
  roles: readonly SelectOption[];
  busy: boolean;
  give(user: string, role: string): void;
}

function LetIn({ there, roles, busy, give }: LetInProps) {
  const members = (useMembers().data ?? []).filter(({ id }) => !there.includes(id));
  const [user, setUser] = useState("");
  const [role, setRole] = useState("editor");
  if (members.length === 0) return null;
  return (
    <div className="space-y-3 border-line border-t pt-3">
      <Field label={t.who}>
        {(ids) => (
          <Select
            {...ids}
            value={user}
            onChange={setUser}
            placeholder={t.whoChoose}
            options={members.map(({ id, name, email }) => ({ value: id, label: `${name} (${email})` }))}
          />
        )}
      </Field>
      <Field label={t.role} help={t.meaning[role]}>
        {(ids) => <Select {...ids} value={role} onChange={setRole} options={roles} />}
      </Field>
      <div className="flex justify-end">
        <Button
          busy={busy}
          disabled={!user}
          onClick={() => {
            give(user, role);
            setUser("");
          }}
        >
          {t.add}
        </Button>
      </div>
    </div>
  );
}
