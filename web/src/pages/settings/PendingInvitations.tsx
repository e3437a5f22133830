import { RotateCw, Trash2 } from "lucide-react";
import { type Invitation, useInvitations, useSendAgain, useWithdraw } from "../../api/people";
import { strings } from "../../strings";
import { IconButton } from "../../ui/Button";
import { day } from "../../ui/time";
import { sayFailed, toast } from "../../ui/toasts";
import { labelOf } from "./InviteDialog";
import { Section } from "./Section";

const t = strings.people;

/** Who is invited, and has not come yet. */
export function PendingInvitations({ manages }: { manages: boolean }) {
  const query = useInvitations();
  const again = useSendAgain();
  const withdraw = useWithdraw();
  if (!query.data?.length) return null;
  const act = async (work: Promise<unknown>, failed: string, done?: string) => {
    try {
      await work;
      if (done) toast({ tone: "ok", title: done });
    } catch (error) {
      sayFailed(failed, error);
    }
  };
  return (
    <Section title={t.pending}>
      <ul className="divide-y divide-line">
        {query.data.map((one: Invitation) => (
          <li key={one.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5">
            <div className="min-w-0 grow basis-full sm:basis-0">
              <div className="wrap-anywhere font-medium text-sm">{one.email}</div>
              <div className="text-ink-3 text-xs">
                {new Date(one.expiresAt) < new Date()
                  ? t.expired(day(one.expiresAt))
                  : t.pendingBy(one.invitedBy, day(one.expiresAt))}
              </div>
            </div>
            <span className="text-ink-2 text-sm max-sm:grow">{labelOf({ role: one.role, name: one.roleName })}</span>
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
      </ul>
    </Section>
  );
}
