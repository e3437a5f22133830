import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";
import { useState } from "react";
import { listCredentialShares, shareCredential, unshareCredential } from "../api/credentials";
import { useProjects } from "../api/projects";
import { keys } from "../api/queries";
import type { CredentialDetail, CredentialShare } from "../api/types";
import { strings } from "../strings";
import { Button, IconButton } from "../ui/Button";
import { ConfirmDialog } from "../ui/ConfirmDialog";
import { messageOf } from "../ui/message";
import { Select } from "../ui/Select";
import { Failed, LoadingRows } from "../ui/States";
import { toast } from "../ui/toasts";

const t = strings.credentials.shares;

/** The projects whose workflows use a credential besides its own; nothing where there is one project only. */
export function CredentialShares({ credential }: { credential: CredentialDetail }) {
  const projects = useProjects().data ?? [];
  const others = projects.filter(({ id }) => id !== credential.projectId);
  if (others.length === 0 && credential.sharedWith.length === 0) return null;
  const home = projects.find(({ id }) => id === credential.projectId);
  return <Shares id={credential.id} others={others} manages={home?.permissions.includes("projects.manage") ?? false} />;
}

interface SharesProps {
  id: string;
  others: readonly { id: string; name: string }[];
  manages: boolean;
}

function Shares({ id, others, manages }: SharesProps) {
  const queries = useQueryClient();
  const [whom, setWhom] = useState("");
  const [doomed, setDoomed] = useState<CredentialShare | null>(null);
  const query = useQuery({
    queryKey: [...keys.credentials, id, "shares"],
    queryFn: ({ signal }) => listCredentialShares(id, signal),
  });
  const onSettled = () => queries.invalidateQueries({ queryKey: keys.credentials });
  const share = useMutation({ mutationFn: (project: string) => shareCredential(id, project), onSettled });
  const take = useMutation({ mutationFn: (project: string) => unshareCredential(id, project), onSettled });
  const left = others.filter((one) => !query.data?.some(({ projectId }) => projectId === one.id));
  const add = () => {
    const name = others.find((one) => one.id === whom)?.name ?? "";
    share.mutate(whom, {
      onSuccess: () => {
        setWhom("");
        toast({ tone: "ok", title: t.added(name) });
      },
      onError: (error) => toast({ tone: "bad", title: t.failed, detail: messageOf(error).detail }),
    });
  };
  const nameOf = (one: CredentialShare) => one.projectName ?? t.hidden;
  return (
    <section aria-label={t.title} className="rounded-lg border border-line bg-surface-2 p-3">
      <h3 className="font-medium text-sm">{t.title}</h3>
      {query.isPending && <LoadingRows rows={1} />}
      {query.isError && <Failed error={query.error} onRetry={() => void query.refetch()} />}
      {query.data?.length === 0 && <p className="mt-0.5 text-ink-2 text-xs">{t.none}</p>}
      {query.data && query.data.length > 0 && (
        <ul className="mt-1 divide-y divide-line">
          {query.data.map((one) => (
            <li key={one.projectId} className="flex items-center gap-2 py-1">
              <div className="min-w-0 flex-1">
                <div className="truncate text-sm">{nameOf(one)}</div>
                <div className="text-ink-3 text-xs">{t.uses(one.workflows, one.live)}</div>
              </div>
              {manages && (
                <IconButton label={t.take(nameOf(one))} onClick={() => setDoomed(one)}>
                  <Undo2 size={14} />
                </IconButton>
              )}
            </li>
          ))}
        </ul>
      )}
      {manages && left.length > 0 && (
        <div className="mt-2 flex gap-2">
          <div className="min-w-0 flex-1">
            <Select
              label={t.choose}
              value={whom}
              onChange={setWhom}
              placeholder={t.choose}
              options={left.map((one) => ({ value: one.id, label: one.name }))}
            />
          </div>
          <Button busy={share.isPending} disabled={!whom} onClick={add}>
            {t.add}
          </Button>
        </div>
      )}
      {doomed && (
        <ConfirmDialog
          title={t.takeTitle(nameOf(doomed))}
          text={t.takeText(doomed.workflows, doomed.live)}
          action={t.takeAction}
          failed={t.takeFailed}
          onConfirm={() => take.mutateAsync(doomed.projectId)}
          onClose={() => setDoomed(null)}
        />
      )}
    </section>
  );
}
