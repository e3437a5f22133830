import { EllipsisVertical, FolderInput, KeySquare, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { useProjects } from "../../api/projects";
import { type Entry, useDeleteEntry, useEmptyStore, useEntries, useMoveStore } from "../../api/store";
import { strings } from "../../strings";
import { Button, IconButton } from "../../ui/Button";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { Input } from "../../ui/Form";
import { Menu, MenuItem } from "../../ui/Menu";
import { Empty, Failed, LoadingRows } from "../../ui/States";
import { ago, dateTime } from "../../ui/time";
import { useSettled } from "../../ui/useSettled";
import { MoveDialog } from "../MoveDialog";
import { PageFrame } from "../PageFrame";
import { KeyDialog } from "./KeyDialog";

const t = strings.store;

/** `/data/keys/:store`: the keys of a store; `?project=` names whose where there are several. */
export function KeysPage() {
  const { store = "" } = useParams();
  const [params] = useSearchParams();
  const projects = useProjects().data ?? [];
  const projectId = params.get("project") ?? undefined;
  const of = { store, projectId };
  const place = projectId ?? projects[0]?.id ?? "";
  const [prefix, setPrefix] = useState("");
  const query = useEntries(of, useSettled(prefix));
  const [edited, setEdited] = useState<Entry | "new" | null>(null);
  const [doomed, setDoomed] = useState<Entry | "all" | null>(null);
  const [moves, setMoves] = useState(false);
  const [remove, empty, move] = [useDeleteEntry(), useEmptyStore(), useMoveStore()];
  const navigate = useNavigate();
  const entries = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <PageFrame
      title={store}
      back={{ to: "/data", label: t.back }}
      {...(projects.length > 1 ? { intro: projects.find(({ id }) => id === place)?.name ?? "" } : {})}
      aside={
        <Menu
          trigger={
            <IconButton label={strings.common.actions(store)}>
              <EllipsisVertical size={16} />
            </IconButton>
          }
        >
          {projects.length > 1 && (
            <MenuItem icon={<FolderInput size={14} />} onSelect={() => setMoves(true)}>
              {strings.projects.move}
            </MenuItem>
          )}
          <MenuItem danger icon={<Trash2 size={14} />} onSelect={() => setDoomed("all")}>
            {t.emptyStore}
          </MenuItem>
        </Menu>
      }
      tools={
        <>
          <Button variant="primary" icon={<Plus size={15} />} onClick={() => setEdited("new")}>
            {t.setKey}
          </Button>
          <Input
            aria-label={t.prefix}
            placeholder={t.prefix}
            value={prefix}
            maxLength={512}
            onChange={(event) => setPrefix(event.target.value)}
            className="w-56"
          />
        </>
      }
    >
      {query.isPending && <LoadingRows />}
      {query.isError && <Failed error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && entries.length === 0 && (
        <Empty icon={<KeySquare size={20} />} title={t.noStores}>
          {t.noStoresText}
        </Empty>
      )}
      <ul className="divide-y divide-line">
        {entries.map((entry) => (
          <li key={entry.key} className="flex items-center gap-3 px-4 py-2.5">
            <div className="min-w-0 flex-1">
              <div className="truncate font-medium font-mono text-xs">{entry.key}</div>
              <div className="truncate font-mono text-ink-2 text-xs">{JSON.stringify(entry.value)}</div>
            </div>
            <span className="hidden shrink-0 text-ink-3 text-xs sm:block">
              {entry.expiresAt ? t.expires(dateTime(entry.expiresAt)) : entry.updatedAt && ago(entry.updatedAt)}
            </span>
            <IconButton label={t.edit(entry.key)} onClick={() => setEdited(entry)}>
              <Pencil size={14} />
            </IconButton>
            <IconButton label={t.deleteKey(entry.key)} onClick={() => setDoomed(entry)}>
              <Trash2 size={15} />
            </IconButton>
          </li>
        ))}
      </ul>
      {query.hasNextPage && (
        <div className="border-line border-t p-3 text-center">
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t.more}
          </Button>
        </div>
      )}
      {edited && (
        <KeyDialog
          store={store}
          projectId={place}
          {...(edited === "new" ? {} : { entry: edited })}
          onClose={() => setEdited(null)}
        />
      )}
      {moves && (
        <MoveDialog
          name={store}
          text={strings.projects.moveDataText}
          from={place}
          permission="store.write"
          onMove={async (to) => {
            await move.mutateAsync({ ...of, to });
            await navigate("/data");
          }}
          onClose={() => setMoves(false)}
        />
      )}
      {doomed && (
        <ConfirmDialog
          title={doomed === "all" ? t.emptyStoreTitle(store) : t.deleteKeyTitle(doomed.key)}
          text={t.deleteKeyText}
          action={strings.common.delete}
          failed={t.notDeleted}
          onConfirm={async () => {
            if (doomed !== "all") return void (await remove.mutateAsync({ ...of, key: doomed.key }));
            await empty.mutateAsync(of);
            await navigate("/data");
          }}
          onClose={() => setDoomed(null)}
        />
      )}
    </PageFrame>
  );
}
