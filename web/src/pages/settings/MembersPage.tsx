import { Plus, UserMinus } from "lucide-react";
import { useState } from "react";
import { useMe, useMembers } from "../../api/account";
import {
  type Member,
  type Permission,
  type Role,
  useChangeMember,
  useLeave,
  useRemoveMember,
  useRoles,
} from "../../api/people";
import { logOut } from "../../api/session";
import { strings } from "../../strings";
import { Button, IconButton } from "../../ui/Button";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { Select } from "../../ui/Select";
import { Failed, LoadingRows } from "../../ui/States";
import { day } from "../../ui/time";
import { sayFailed, toast } from "../../ui/toasts";
import { PageFrame } from "../PageFrame";
import { choiceOf, givenOf, InviteDialog, labelOf } from "./InviteDialog";
import { PendingInvitations } from "./PendingInvitations";
import { Roles } from "./Roles";

const t = strings.people;

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
        back={{ to: "/settings", label: t.back }}
        intro={t.intro}
        aside={
          <>
            <Button variant="quiet" onClick={() => setLeaving(true)}>
              {t.leave}
            </Button>
            {manages && (
              <Button variant="primary" icon={<Plus size={14} />} onClick={() => setInviting(true)}>
                {t.invite}
              </Button>
            )}
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
      <PendingInvitations manages={manages} />
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
      sayFailed(t.notChanged, error);
    }
  };
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2.5">
      <div className="min-w-0 grow basis-full sm:basis-0">
        <div className="wrap-anywhere font-medium text-sm">
          {member.name}
          {own && <span className="font-normal text-ink-3">{` (${t.you})`}</span>}
        </div>
        <div className="wrap-anywhere text-ink-3 text-xs">{`${member.email} · ${t.since(day(member.since))}`}</div>
      </div>
      {reach ? (
        <div className="w-36 shrink-0 max-sm:grow">
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
      {/* The roles stand below each other. */}
      {roles.length > 0 && (own || !reach) && <span className="hidden w-8 sm:block" aria-hidden />}
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
