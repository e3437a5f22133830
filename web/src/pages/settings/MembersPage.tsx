import { ChevronLeft, Pencil, Plus, RotateCw, Trash2, UserMinus } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import { useMe, useMembers } from "../../api/account";
import {
  type Invitation,
  type Member,
  type Permission,
  type Role,
  useChangeMember,
  useDeleteRole,
  useInvitations,
  useLeave,
  useRemoveMember,
  useRoles,
  useSendAgain,
  useWithdraw,
} from "../../api/people";
import { logOut } from "../../api/session";
import { strings } from "../../strings";
import { Button, IconButton } from "../../ui/Button";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { messageOf } from "../../ui/message";
import { Select } from "../../ui/Select";
import { Failed, LoadingRows } from "../../ui/States";
import { toast } from "../../ui/toasts";
import { PageFrame } from "../PageFrame";
import { choiceOf, givenOf, InviteDialog, labelOf } from "./InviteDialog";
import { RoleDialog } from "./RoleDialog";

const t = strings.people;
const day = (time: string) => new Date(time).toLocaleDateString();

function say(title: string, error: unknown) {
  const { title: what, detail } = messageOf(error);
  toast({ tone: "bad", title, detail: detail || what });
}

/** `/settings/members`: who is in the workspace, who is invited, and what roles there are. */
export function MembersPage() {
  const me = useMe();
  const members = useMembers();
  const roles = useRoles();
  const [inviting, setInviting] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const leave = useLeave();
  const mine: readonly Permission[] = me.data?.permissions ?? [];
  const manages = mine.includes("members.write");
  // Nobody gives what they do not have.
  const mayGive = (roles.data ?? []).filter(
    (role) =>
      role.permissions.every((one) => mine.includes(one)) && (role.role !== "owner" || me.data?.role === "owner"),
  );
  const failed = [members, roles].find((query) => query.isError);
  return (
    <>
      <PageFrame
        title={t.title}
        intro={t.intro}
        aside={
          manages && (
            <Button variant="primary" icon={<Plus size={14} />} onClick={() => setInviting(true)}>
              {t.invite}
            </Button>
          )
        }
        tools={
          <>
            <Link
              to="/settings"
              className="mr-1 inline-flex items-center gap-1 font-medium text-accent text-sm hover:underline"
            >
              <ChevronLeft size={14} aria-hidden />
              {t.back}
            </Link>
            <Button variant="quiet" className="ml-auto" onClick={() => setLeaving(true)}>
              {t.leave}
            </Button>
          </>
        }
      >
        {(members.isPending || roles.isPending) && <LoadingRows />}
        {failed && <Failed error={failed.error} onRetry={() => void failed.refetch()} />}
        {members.data && roles.data && (
          <ul className="divide-y divide-line">
            {members.data.map((member) => (
              <MemberRow
                key={member.id}
                member={member}
                own={member.id === me.data?.user.id}
                roles={manages ? mayGive : []}
              />
            ))}
          </ul>
        )}
      </PageFrame>
      <Pending manages={manages} />
      {roles.data && <Roles roles={roles.data} mine={manages ? mine : []} />}
      {inviting && <InviteDialog roles={mayGive} onClose={() => setInviting(false)} />}
      {leaving && (
        <ConfirmDialog
          title={t.leaveTitle}
          text={t.leaveText}
          action={t.leaveAction}
          failed={t.notLeft}
          onConfirm={async () => {
            await leave.mutateAsync();
            await logOut();
          }}
          onClose={() => setLeaving(false)}
        />
      )}
    </>
  );
}

interface MemberRowProps {
  member: Member;
  own: boolean;
  /** What whoever looks may give: none for who may not manage members. */
  roles: readonly Role[];
}

function MemberRow({ member, own, roles }: MemberRowProps) {
  const change = useChangeMember();
  const remove = useRemoveMember();
  const [removing, setRemoving] = useState(false);
  const role = { role: member.role, id: member.roleId, name: member.roleName };
  // Whoever has what one may not give is above one.
  const reach = roles.some((one) => choiceOf(one) === choiceOf(role));
  const give = async (value: string) => {
    try {
      const changed = await change.mutateAsync({ id: member.id, given: givenOf(value, roles) });
      const label = labelOf({ role: changed.role, name: changed.roleName });
      toast({ tone: "ok", title: t.changed(member.name, label) });
    } catch (error) {
      say(t.notChanged, error);
    }
  };
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2.5">
      <div className="min-w-28 flex-1">
        <div className="truncate font-medium text-sm">
          {member.name}
          {own && <span className="font-normal text-ink-3">{` (${t.you})`}</span>}
        </div>
        <div className="truncate text-ink-3 text-xs">{`${member.email} · ${t.since(day(member.since))}`}</div>
      </div>
      {reach ? (
        <div className="w-36 shrink-0">
          <Select
            label={t.roleOf(member.name)}
            value={choiceOf(role)}
            onChange={(value) => void give(value)}
            options={roles.map((one) => ({ value: choiceOf(one), label: labelOf(one) }))}
            disabled={change.isPending}
            compact
          />
        </div>
      ) : (
        <span className="text-ink-2 text-sm">{labelOf(role)}</span>
      )}
      {reach && !own && (
        <IconButton label={t.remove(member.name)} onClick={() => setRemoving(true)}>
          <UserMinus size={14} aria-hidden />
        </IconButton>
      )}
      {removing && (
        <ConfirmDialog
          title={t.removeTitle(member.name)}
          text={t.removeText}
          action={t.removeAction}
          failed={t.notRemoved}
          onConfirm={() => remove.mutateAsync(member.id)}
          onClose={() => setRemoving(false)}
        />
      )}
    </li>
  );
}

function Pending({ manages }: { manages: boolean }) {
  const query = useInvitations();
  const again = useSendAgain();
  const withdraw = useWithdraw();
  if (!query.data?.length) return null;
  const act = async (work: Promise<unknown>, failed: string, done?: string) => {
    try {
      await work;
      if (done) toast({ tone: "ok", title: done });
    } catch (error) {
      say(failed, error);
    }
  };
  return (
    <Section title={t.pending}>
      {query.data.map((one: Invitation) => (
        <li key={one.id} className="flex items-center gap-3 px-4 py-2.5">
          <div className="min-w-0 flex-1">
            <div className="truncate font-medium text-sm">{one.email}</div>
            <div className="text-ink-3 text-xs">
              {new Date(one.expiresAt) < new Date()
                ? t.expired(day(one.expiresAt))
                : t.pendingBy(one.invitedBy, day(one.expiresAt))}
            </div>
          </div>
          <span className="text-ink-2 text-sm">{labelOf({ role: one.role, name: one.roleName })}</span>
          {manages && (
            <>
              <IconButton
                label={t.again(one.email)}
                onClick={() => void act(again.mutateAsync(one.id), t.notSent, t.sentAgain)}
              >
                <RotateCw size={14} aria-hidden />
              </IconButton>
              <IconButton
                label={t.withdraw(one.email)}
                onClick={() => void act(withdraw.mutateAsync(one.id), t.notWithdrawn)}
              >
                <Trash2 size={14} aria-hidden />
              </IconButton>
            </>
          )}
        </li>
      ))}
    </Section>
  );
}

function Roles({ roles, mine }: { roles: readonly Role[]; mine: readonly Permission[] }) {
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

interface SectionProps {
  title: string;
  aside?: React.ReactNode;
  children: React.ReactNode;
}

function Section({ title, aside, children }: SectionProps) {
  return (
    <section aria-label={title} className="mx-auto w-full max-w-5xl px-4 pb-6 sm:px-8">
      <div className="mb-3 flex min-h-8 items-center gap-3">
        <h2 className="flex-1 font-semibold text-base tracking-tight">{title}</h2>
        {aside}
      </div>
      <ul className="divide-y divide-line overflow-hidden rounded-xl border border-line bg-surface shadow-xs">
        {children}
      </ul>
    </section>
  );
}
