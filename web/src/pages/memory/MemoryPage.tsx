import { ListFilter, MessagesSquare, Trash2 } from "lucide-react";
import { useMemo, useState } from "react";
import { Link, useSearchParams } from "react-router";
import { type TalkSummary, useDeleteTalks, useTalks } from "../../api/memory";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { Checkbox } from "../../ui/Checkbox";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { SearchInput } from "../../ui/SearchInput";
import { SelectionBar, SelectionButton } from "../../ui/SelectionBar";
import { Empty, Failed, LoadingRows } from "../../ui/States";
import { ago, dateTime } from "../../ui/time";
import { useSelection } from "../../ui/useSelection";
import { useSettled } from "../../ui/useSettled";
import { PageFrame } from "../PageFrame";

const t = strings.memory;

/** `/data/memory`: the talks that models remember. */
export function MemoryPage() {
  const [params, setParams] = useSearchParams();
  const search = params.get("search") ?? "";
  const query = useTalks(useSettled(search.trim()));
  const talks = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const selection = useSelection(useMemo(() => talks.map((talk) => talk.id), [talks]));
  const [asks, setAsks] = useState(false);
  const remove = useDeleteTalks();
  return (
    <>
      <PageFrame
        title={t.title}
        back={{ to: "/data", label: t.allData }}
        intro={t.intro}
        tools={
          <SearchInput
            label={t.search}
            value={search}
            onChange={(text) => setParams(text ? { search: text } : {}, { replace: true })}
            className="sm:max-w-80"
          />
        }
      >
        {query.isPending && <LoadingRows />}
        {query.isError && <Failed error={query.error} onRetry={() => void query.refetch()} />}
        {query.isSuccess && talks.length === 0 && <NoTalks searched={search.trim() !== ""} />}
        {talks.length > 0 && (
          <>
            <div className="flex items-center gap-3 border-line border-b bg-surface-2 px-4 py-2 text-ink-3 text-xs">
              <Checkbox checked={selection.all} onChange={selection.setAll} label={t.selectAll} />
              {t.selectAll}
            </div>
            <ul className="divide-y divide-line">
              {talks.map((talk) => (
                <TalkRow
                  key={talk.id}
                  talk={talk}
                  selected={selection.chosen.has(talk.id)}
                  onSelect={(on, range) => selection.set(talk.id, on, range)}
                />
              ))}
            </ul>
          </>
        )}
        {query.hasNextPage && (
          <div className="flex justify-center border-line border-t p-3">
            <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              {strings.common.loadMore}
            </Button>
          </div>
        )}
      </PageFrame>
      {selection.chosen.size > 0 && (
        <SelectionBar count={selection.chosen.size} onClear={selection.clear}>
          <SelectionButton danger label={t.delete} icon={<Trash2 size={14} />} onClick={() => setAsks(true)} />
        </SelectionBar>
      )}
      {asks && (
        <ConfirmDialog
          title={t.deleteManyTitle(selection.chosen.size)}
          text={t.deleteText}
          action={strings.common.delete}
          failed={t.notDeleted}
          onConfirm={async () => {
            await remove.mutateAsync([...selection.chosen]);
            selection.clear();
          }}
          onClose={() => setAsks(false)}
        />
      )}
    </>
  );
}

function NoTalks({ searched }: { searched: boolean }) {
  return searched ? (
    <Empty icon={<ListFilter size={20} />} title={t.noneFound}>
      {t.noneFoundText}
    </Empty>
  ) : (
    <Empty icon={<MessagesSquare size={20} />} title={t.emptyTitle}>
      {t.emptyText}
    </Empty>
  );
}

interface TalkRowProps {
  talk: TalkSummary;
  selected: boolean;
  onSelect(on: boolean, range: boolean): void;
}

function TalkRow({ talk, selected, onSelect }: TalkRowProps) {
  return (
    <li className="relative flex items-center gap-3 px-4 py-3 transition-colors hover:bg-surface-2">
      <Checkbox checked={selected} onChange={onSelect} label={t.select(talk.session)} className="z-10" />
      <div className="min-w-0 flex-1">
        <div className="flex items-baseline gap-2">
          <Link
            to={`/data/memory/${talk.id}`}
            className="min-w-0 truncate font-medium text-ink after:absolute after:inset-0"
          >
            {talk.session}
          </Link>
          <span className="hidden shrink-0 text-ink-3 text-xs sm:inline">{t.messages(talk.messages)}</span>
        </div>
        {talk.last && (
          <div className="truncate text-ink-2 text-sm">
            <bdi>{talk.last}</bdi>
          </div>
        )}
        <div className="truncate text-ink-3 text-xs">{ownerOf(talk)}</div>
      </div>
      <div className="shrink-0 text-right text-ink-3 text-xs">
        <div title={dateTime(talk.updatedAt)}>{ago(talk.updatedAt)}</div>
        <div className="hidden sm:block" title={talk.expiresAt ? dateTime(talk.expiresAt) : undefined}>
          {talk.expiresAt ? t.expires(ago(talk.expiresAt)) : t.never}
        </div>
      </div>
    </li>
  );
}

/** Whose talk it is: a workflow's, or a shared memory's. */
export function ownerOf(talk: TalkSummary): string {
  return talk.shared ? t.shared(talk.shared) : (talk.workflowName ?? t.deletedWorkflow);
}
