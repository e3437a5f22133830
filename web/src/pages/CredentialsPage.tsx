import { FolderInput, KeyRound, Layers, Lock, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useEnvironments } from "../api/environments";
import { useMoveCredential, useProjects } from "../api/projects";
import { useCredentials, useCredentialTypes, useDeleteCredential } from "../api/queries";
import type { Credential } from "../api/types";
import { ConnectionBadge } from "../fields/ConnectPanel";
import { CredentialDialog } from "../fields/CredentialDialog";
import { CredentialUses } from "../fields/CredentialUses";
import { endsSoon } from "../fields/credentialTypes";
import { EditCredentialDialog } from "../fields/EditCredentialDialog";
import { strings } from "../strings";
import { Button, IconButton } from "../ui/Button";
import { ConfirmDialog } from "../ui/ConfirmDialog";
import { cx } from "../ui/cx";
import { nodeIcon } from "../ui/nodeIcons";
import { Segmented } from "../ui/Segmented";
import { Empty, Failed, LoadingRows } from "../ui/States";
import { ago, dateTime } from "../ui/time";
import { CredentialPlaces } from "./CredentialPlaces";
import { MoveDialog } from "./MoveDialog";
import { PageFrame } from "./PageFrame";

const t = strings.credentials;

export function CredentialsPage() {
  const query = useCredentials();
  const types = useCredentialTypes().data ?? [];
  const typeOf = (credential: Credential) => types.find(({ type }) => type === credential.type);
  const remove = useDeleteCredential();
  const [onlyAnyHost, setOnlyAnyHost] = useState(false);
  const open = query.data?.filter(({ anyHost }) => anyHost).length ?? 0;
  const shown = query.data?.filter(({ anyHost }) => anyHost || !onlyAnyHost || open === 0);
  const [creating, setCreating] = useState(false);
  const [edited, setEdited] = useState<Credential | null>(null);
  const [placed, setPlaced] = useState<Credential | null>(null);
  const several = (useEnvironments().data?.length ?? 1) > 1;
  const [doomed, setDoomed] = useState<Credential | null>(null);
  const [moved, setMoved] = useState<Credential | null>(null);
  const projects = useProjects().data ?? [];
  const move = useMoveCredential();
  const whose = ({ projectId }: Credential) =>
    projects.length > 1 ? projects.find(({ id }) => id === projectId)?.name : undefined;
  const create = (
    <Button variant="primary" icon={<Plus size={15} />} onClick={() => setCreating(true)}>
      {t.create}
    </Button>
  );
  return (
    <PageFrame
      title={t.title}
      intro={t.intro}
      aside={query.data?.length ? create : undefined}
      tools={
        open > 0 && (
          <Segmented
            label={t.shown}
            value={onlyAnyHost ? "any" : "all"}
            onChange={(value) => setOnlyAnyHost(value === "any")}
            options={[
              { value: "all", label: t.all },
              { value: "any", label: t.anyHosts(open) },
            ]}
          />
        )
      }
    >
      {query.isPending && <LoadingRows rows={3} />}
      {query.isError && <Failed error={query.error} onRetry={() => void query.refetch()} />}
      {query.data?.length === 0 && (
        <Empty icon={<Lock size={20} />} title={t.emptyTitle} actions={create}>
          {t.emptyText}
        </Empty>
      )}
      {shown && shown.length > 0 && (
        <ul className="divide-y divide-line">
          {shown.map((credential) => (
            <li key={credential.id} className="flex items-center gap-3 px-4 py-3">
              <span
                aria-hidden
                className="flex size-8 shrink-0 items-center justify-center rounded-lg bg-surface-3 text-ink-2"
              >
                <CredentialIcon icon={typeOf(credential)?.icon} />
              </span>
              <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-1">
                <div className="min-w-40 flex-1">
                  <div className="truncate font-medium">{credential.name}</div>
                  <div className="truncate text-ink-3 text-xs">
                    {whose(credential) && `${whose(credential)} · `}
                    {typeOf(credential)?.name ?? credential.type}
                    {credential.hint && <span className="font-mono">{` · ${credential.hint}`}</span>}
                  </div>
                </div>
                {credential.anyHost && (
                  <button
                    type="button"
                    title={t.anyHostTitle(credential.name)}
                    onClick={() => setEdited(credential)}
                    className="shrink-0 rounded-full bg-warn-soft px-2 py-0.5 font-medium text-2xs text-warn hover:underline"
                  >
                    {t.anyHost}
                  </button>
                )}
                <EndBadge credential={credential} />
                {!credential.mine && (
                  <span
                    title={t.lentTitle}
                    className="shrink-0 rounded-full bg-surface-3 px-2 py-0.5 font-medium text-2xs text-ink-2"
                  >
                    {t.lent}
                  </span>
                )}
                <ConnectionBadge credential={credential} />
              </div>
              <span className="hidden text-ink-3 text-xs sm:block" title={dateTime(credential.updatedAt)}>
                {ago(credential.updatedAt)}
              </span>
              {credential.mine && (
                <>
                  {several && (
                    <IconButton label={strings.environments.map(credential.name)} onClick={() => setPlaced(credential)}>
                      <Layers size={14} />
                    </IconButton>
                  )}
                  <IconButton label={t.edit(credential.name)} onClick={() => setEdited(credential)}>
                    <Pencil size={14} />
                  </IconButton>
                  <IconButton label={t.deleteTitle(credential.name)} onClick={() => setDoomed(credential)}>
                    <Trash2 size={15} />
                  </IconButton>
                </>
              )}
              {projects.length > 1 && credential.mine && (
                <IconButton label={strings.projects.moveTitle(credential.name)} onClick={() => setMoved(credential)}>
                  <FolderInput size={15} />
                </IconButton>
              )}
            </li>
          ))}
        </ul>
      )}
      {creating && <CredentialDialog onClose={() => setCreating(false)} />}
      {edited && <EditCredentialDialog credential={edited} onClose={() => setEdited(null)} />}
      {placed && <CredentialPlaces credential={placed} onClose={() => setPlaced(null)} />}
      {moved && (
        <MoveDialog
          name={moved.name}
          text={strings.projects.moveCredentialText}
          from={moved.projectId}
          permission="credentials.write"
          onMove={(projectId) => move.mutateAsync({ id: moved.id, projectId })}
          onClose={() => setMoved(null)}
        />
      )}
      {doomed && (
        <ConfirmDialog
          title={t.deleteTitle(doomed.name)}
          text={t.deleteText}
          action={strings.common.delete}
          failed={t.deleteFailed}
          onConfirm={() => remove.mutateAsync({ id: doomed.id, force: true })}
          onClose={() => setDoomed(null)}
        >
          <CredentialUses id={doomed.id} />
        </ConfirmDialog>
      )}
    </PageFrame>
  );
}

/** That a credential ends soon, or has ended; nothing while that is far. */
function EndBadge({ credential }: { credential: Credential }) {
  const soon = endsSoon(credential, Date.now());
  if (!soon) return null;
  return (
    <span
      title={dateTime(soon.end)}
      className={cx(
        "shrink-0 rounded-full px-2 py-0.5 font-medium text-2xs",
        soon.isOver ? "bg-bad-soft text-bad" : "bg-warn-soft text-warn",
      )}
    >
      {soon.isOver ? t.ended : t.ends(soon.days)}
    </span>
  );
}

function CredentialIcon({ icon }: { icon: string | undefined }) {
  const Icon = icon ? nodeIcon(icon) : KeyRound;
  return <Icon size={16} />;
}
