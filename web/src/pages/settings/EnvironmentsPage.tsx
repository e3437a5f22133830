import { ArrowDown, ArrowUp, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useMe } from "../../api/account";
import {
  type Environment,
  PRODUCTION,
  useDeleteEnvironment,
  useEnvironments,
  useOrderEnvironments,
} from "../../api/environments";
import { strings } from "../../strings";
import { Button, IconButton } from "../../ui/Button";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { messageOf } from "../../ui/message";
import { Failed, LoadingRows } from "../../ui/States";
import { toast } from "../../ui/toasts";
import { PageFrame } from "../PageFrame";
import { EnvironmentDialog } from "./EnvironmentDialog";

const t = strings.environments;

/** `/settings/environments`: where versions are live, in their order. */
export function EnvironmentsPage() {
  const query = useEnvironments();
  const me = useMe();
  const mayChange = me.data?.permissions.includes("environments.write") ?? false;
  const [edits, setEdits] = useState<Environment | "new">();
  const [deletes, setDeletes] = useState<Environment>();
  const remove = useDeleteEnvironment();
  const order = useOrderEnvironments();
  const rows = query.data ?? [];
  const move = async (from: number, to: number) => {
    const keys = rows.map(({ key }) => key);
    keys.splice(to, 0, ...keys.splice(from, 1));
    try {
      await order.mutateAsync(keys);
    } catch (error) {
      toast({ tone: "bad", title: t.notMoved, detail: messageOf(error).detail });
    }
  };
  return (
    <>
      <PageFrame
        title={t.title}
        back={{ to: "/settings", label: t.back }}
        intro={t.intro}
        aside={
          mayChange && (
            <Button variant="primary" icon={<Plus size={14} />} onClick={() => setEdits("new")}>
              {t.add}
            </Button>
          )
        }
        tools={me.isSuccess && !mayChange && <span className="text-ink-3 text-xs">{t.only}</span>}
      >
        {query.isPending && <LoadingRows rows={2} />}
        {query.isError && <Failed error={query.error} onRetry={() => void query.refetch()} />}
        {rows.length > 0 && (
          <ol className="divide-y divide-line">
            {rows.map((one, index) => (
              <li key={one.key} className="flex items-center gap-3 px-4 py-3">
                <span
                  aria-hidden
                  className="flex size-7 shrink-0 items-center justify-center rounded-full bg-surface-3 font-medium text-ink-2 text-xs"
                >
                  {index + 1}
                </span>
                <div className="min-w-0 flex-1">
                  <div className="wrap-anywhere font-medium text-sm">
                    {one.name}
                    <span className="ml-2 font-mono font-normal text-ink-3 text-xs">{one.key}</span>
                  </div>
                  <div className="text-ink-3 text-xs">
                    {[
                      index === 0 && rows.length > 1 && t.first,
                      one.key !== PRODUCTION && (one.fallsBack ? t.falls : t.strict),
                      one.needsApproval && strings.releases.approved,
                      t.live(one.workflows),
                    ]
                      .filter(Boolean)
                      .join(" · ")}
                  </div>
                </div>
                {mayChange && (
                  <div className="flex shrink-0 gap-1">
                    {index > 0 && (
                      <IconButton label={t.up(one.name)} onClick={() => void move(index, index - 1)}>
                        <ArrowUp size={14} aria-hidden />
                      </IconButton>
                    )}
                    {index < rows.length - 1 && (
                      <IconButton label={t.down(one.name)} onClick={() => void move(index, index + 1)}>
                        <ArrowDown size={14} aria-hidden />
                      </IconButton>
                    )}
                    <IconButton label={t.change(one.name)} onClick={() => setEdits(one)}>
                      <Pencil size={14} aria-hidden />
                    </IconButton>
                    {one.key !== PRODUCTION && (
                      <IconButton label={t.delete(one.name)} onClick={() => setDeletes(one)}>
                        <Trash2 size={14} aria-hidden />
                      </IconButton>
                    )}
                  </div>
                )}
              </li>
            ))}
          </ol>
        )}
      </PageFrame>
      {edits && (
        <EnvironmentDialog {...(edits === "new" ? {} : { environment: edits })} onClose={() => setEdits(undefined)} />
      )}
      {deletes && (
        <ConfirmDialog
          title={t.deleteTitle(deletes.name)}
          text={t.deleteText}
          action={strings.common.delete}
          failed={t.notDeleted}
          onConfirm={() => remove.mutateAsync(deletes.key)}
          onClose={() => setDeletes(undefined)}
        />
      )}
    </>
  );
}
