import { Bot, KeyRound, Plus, RotateCw, Trash2, UserRound } from "lucide-react";
import { useState } from "react";
import { useMe } from "../../api/account";
import {
  type ApiKey,
  type ApiKeyMade,
  type ServiceAccount,
  useApiKeys,
  useDeleteServiceAccount,
  useRevokeApiKey,
  useServiceAccounts,
} from "../../api/apiKeys";
import { useProjects } from "../../api/projects";
import { useSession } from "../../api/session";
import { strings } from "../../strings";
import { Button, IconButton } from "../../ui/Button";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { Empty, Failed, LoadingRows } from "../../ui/States";
import { ago, dateTime } from "../../ui/time";
import { PageFrame } from "../PageFrame";
import { KeyDialog, MadeDialog, RotateDialog } from "./ApiKeyDialogs";
import { Section } from "./Section";
import { ServiceDialog } from "./ServiceDialog";

const t = strings.keys;

type Asks = { what: "new" } | { what: "made"; made: ApiKeyMade } | { what: "rotate" | "revoke"; key: ApiKey };

/** `/settings/keys`: one's API keys; for who keeps the workspace's, all of them, and its service accounts. */
export function ApiKeysPage() {
  const query = useApiKeys();
  const me = useMe();
  const maySee = me.data?.role === "owner" || me.data?.role === "admin";
  const services = useServiceAccounts(maySee);
  const [asks, setAsks] = useState<Asks>();
  const revoke = useRevokeApiKey();
  const close = () => setAsks(undefined);
  const shown = (made: ApiKeyMade) => setAsks({ what: "made", made });
  return (
    <>
      <PageFrame
        title={t.title}
        back={{ to: "/settings", label: t.back }}
        intro={t.intro}
        aside={
          <Button variant="primary" icon={<Plus size={14} />} onClick={() => setAsks({ what: "new" })}>
            {t.add}
          </Button>
        }
      >
        {query.isPending && <LoadingRows />}
        {query.isError && <Failed error={query.error} onRetry={() => void query.refetch()} />}
        {query.data?.length === 0 && (
          <Empty icon={<KeyRound size={20} />} title={t.emptyTitle}>
            {t.emptyText}
          </Empty>
        )}
        {query.data && query.data.length > 0 && (
          <ul className="divide-y divide-line">
            {query.data.map((key) => (
              <KeyRow
                key={key.id}
                one={key}
                onRotate={() => setAsks({ what: "rotate", key })}
                onRevoke={() => setAsks({ what: "revoke", key })}
              />
            ))}
          </ul>
        )}
      </PageFrame>
      {maySee && <Services query={services} />}
      {asks?.what === "new" && <KeyDialog services={services.data ?? []} onMade={shown} onClose={close} />}
      {asks?.what === "made" && <MadeDialog made={asks.made} onClose={close} />}
      {asks?.what === "rotate" && <RotateDialog one={asks.key} onMade={shown} onClose={close} />}
      {asks?.what === "revoke" && (
        <ConfirmDialog
          title={t.revokeTitle(asks.key.name)}
          text={t.revokeText}
          action={t.revokeAction}
          failed={t.notRevoked}
          onConfirm={() => revoke.mutateAsync(asks.key.id)}
          onClose={close}
        />
      )}
    </>
  );
}

function KeyRow({ one, onRotate, onRevoke }: { one: ApiKey; onRotate(): void; onRevoke(): void }) {
  const me = useSession((session) => session.user?.id);
  const over = new Date(one.expiresAt) < new Date();
  const mine = one.ownerId === me;
  const known = useProjects().data ?? [];
  const projects = known.filter(({ id }) => one.projectIds?.includes(id)).map(({ name }) => name);
  return (
    <li className="flex items-center gap-3 px-4 py-3">
      <div className="min-w-0 flex-1">
        <div className="flex items-baseline gap-2">
          <span className={`truncate font-medium text-sm ${over ? "text-ink-3 line-through" : "text-ink"}`}>
            {one.name}
          </span>
          <code className="hidden shrink-0 text-ink-3 text-xs sm:inline">{one.hint}</code>
        </div>
        <div className="flex gap-1 text-ink-2 text-xs [&_svg]:mt-0.5 [&_svg]:shrink-0">
          {one.ownerKind === "service" ? <Bot size={12} aria-hidden /> : <UserRound size={12} aria-hidden />}
          <span className="wrap-anywhere">
            {[mine ? t.you : one.owner, ...projects, ...one.permissions.map((name) => t.labels[name] ?? name)].join(
              " · ",
            )}
          </span>
        </div>
        <div className="wrap-anywhere text-ink-3 text-xs">
          <span title={dateTime(one.expiresAt)} className={over ? "text-bad" : ""}>
            {(over ? t.ended : t.ends)(ago(one.expiresAt))}
          </span>
          {" · "}
          {one.lastUsedAt ? t.used(ago(one.lastUsedAt), one.lastAddress) : t.neverUsed}
          {one.addresses.length > 0 && ` · ${one.addresses.join(", ")}`}
        </div>
      </div>
      {(mine || one.ownerKind === "service") && (
        <IconButton label={t.rotate(one.name)} onClick={onRotate}>
          <RotateCw size={14} aria-hidden />
        </IconButton>
      )}
      <IconButton label={t.revoke(one.name)} onClick={onRevoke}>
        <Trash2 size={14} aria-hidden />
      </IconButton>
    </li>
  );
}

function Services({ query }: { query: ReturnType<typeof useServiceAccounts> }) {
  const [adds, setAdds] = useState(false);
  const [deletes, setDeletes] = useState<ServiceAccount>();
  const remove = useDeleteServiceAccount();
  return (
    <Section
      title={t.services}
      intro={t.servicesText}
      aside={
        <Button icon={<Plus size={14} />} onClick={() => setAdds(true)}>
          {t.addService}
        </Button>
      }
    >
      {query.isPending && <LoadingRows rows={1} />}
      {query.isError && <Failed error={query.error} onRetry={() => void query.refetch()} />}
      {query.data?.length === 0 && <p className="px-4 py-3 text-ink-3 text-sm">{t.noServices}</p>}
      {query.data && query.data.length > 0 && (
        <ul className="divide-y divide-line">
          {query.data.map((one) => (
            <li key={one.id} className="flex items-center gap-3 px-4 py-2.5">
              <Bot size={16} aria-hidden className="shrink-0 text-ink-3" />
              <span className="min-w-0 flex-1 truncate font-medium text-sm">{one.name}</span>
              <span className="text-ink-2 text-xs">{strings.account.roles[one.role] ?? one.role}</span>
              <IconButton label={t.deleteService(one.name)} onClick={() => setDeletes(one)}>
                <Trash2 size={14} aria-hidden />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      {adds && <ServiceDialog onClose={() => setAdds(false)} />}
      {deletes && (
        <ConfirmDialog
          title={t.deleteServiceTitle(deletes.name)}
          text={t.deleteServiceText}
          action={strings.common.delete}
          failed={t.notDeleted}
          onConfirm={() => remove.mutateAsync(deletes.id)}
          onClose={() => setDeletes(undefined)}
        />
      )}
    </Section>
  );
}
