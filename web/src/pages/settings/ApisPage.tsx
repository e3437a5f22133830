import { Braces, ChevronDown, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useMe } from "../../api/account";
import { type ApiEntry, useApi, useApis, useDeleteApi } from "../../api/apis";
import { strings } from "../../strings";
import { Button, IconButton } from "../../ui/Button";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { cx } from "../../ui/cx";
import { Empty, Failed, LoadingRows } from "../../ui/States";
import { PageFrame } from "../PageFrame";
import { ApiDialog } from "./ApiDialog";

const t = strings.apis;

/** `/settings/apis`: the APIs of the workspace, by their OpenAPI documents. */
export function ApisPage() {
  const query = useApis();
  const me = useMe();
  const mayChange = me.isSuccess && me.data.role !== "viewer";
  const [edits, setEdits] = useState<ApiEntry | "new">();
  const [deletes, setDeletes] = useState<ApiEntry>();
  const remove = useDeleteApi();
  const add = (
    <Button variant="primary" icon={<Plus size={14} />} onClick={() => setEdits("new")}>
      {t.add}
    </Button>
  );
  return (
    <>
      <PageFrame title={t.title} back={{ to: "/settings", label: t.back }} intro={t.intro} aside={mayChange && add}>
        {query.isPending && <LoadingRows />}
        {query.isError && <Failed error={query.error} onRetry={() => void query.refetch()} />}
        {query.isSuccess && query.data.items.length === 0 && (
          <Empty icon={<Braces size={20} />} title={t.none}>
            {t.noneText}
          </Empty>
        )}
        {query.data && query.data.items.length > 0 && (
          <ul className="divide-y divide-line">
            {query.data.items.map((api) => (
              <ApiRow
                key={api.id}
                api={api}
                onEdit={mayChange ? () => setEdits(api) : undefined}
                onDelete={mayChange ? () => setDeletes(api) : undefined}
              />
            ))}
          </ul>
        )}
      </PageFrame>
      {edits && <ApiDialog {...(edits === "new" ? {} : { api: edits })} onClose={() => setEdits(undefined)} />}
      {deletes && (
        <ConfirmDialog
          title={t.deleteTitle(deletes.name)}
          text={t.deleteText}
          action={strings.common.delete}
          failed={t.notDeleted}
          onConfirm={() => remove.mutateAsync(deletes.id)}
          onClose={() => setDeletes(undefined)}
        />
      )}
    </>
  );
}

interface ApiRowProps {
  api: ApiEntry;
  onEdit: (() => void) | undefined;
  onDelete: (() => void) | undefined;
}

function ApiRow({ api, onEdit, onDelete }: ApiRowProps) {
  const [open, setOpen] = useState(false);
  return (
    <li>
      <div className="flex items-start gap-2 px-4 py-3">
        <button
          type="button"
          aria-expanded={open}
          aria-label={t.details(api.name)}
          onClick={() => setOpen((before) => !before)}
          className="flex min-w-0 flex-1 items-start gap-2 text-left"
        >
          <ChevronDown
            size={15}
            aria-hidden
            className={cx("mt-0.5 shrink-0 text-ink-3 transition-transform", !open && "-rotate-90")}
          />
          <span className="min-w-0">
            <span className="wrap-anywhere block font-medium text-sm">
              {api.name}
              {api.version && <span className="ml-2 font-normal text-ink-3 text-xs">{t.version(api.version)}</span>}
            </span>
            <span className="wrap-anywhere block text-ink-3 text-xs">
              {[t.operations(api.operationCount), api.baseUrl].filter(Boolean).join(" · ")}
            </span>
          </span>
        </button>
        {onEdit && (
          <IconButton label={t.change(api.name)} onClick={onEdit}>
            <Pencil size={14} aria-hidden />
          </IconButton>
        )}
        {onDelete && (
          <IconButton label={t.delete(api.name)} onClick={onDelete}>
            <Trash2 size={14} aria-hidden />
          </IconButton>
        )}
      </div>
      {open && <Details id={api.id} />}
    </li>
  );
}

/** What an API offers, and what of its document is left out. */
function Details({ id }: { id: string }) {
  const query = useApi(id);
  if (query.isPending) return <LoadingRows />;
  if (query.isError) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  const { words, schemes, problems, operations } = query.data;
  return (
    <div className="space-y-3 px-4 pb-4 pl-10 text-sm">
      {words && <p className="wrap-anywhere text-ink-2">{words}</p>}
      {schemes.length > 0 && (
        <section aria-label={t.schemes}>
          <h3 className="font-medium text-xs">{t.schemes}</h3>
          <ul className="text-ink-2 text-xs">
            {schemes.map((scheme) => (
              <li key={scheme} className="wrap-anywhere">
                {scheme}
              </li>
            ))}
          </ul>
          <p className="text-ink-3 text-xs">{t.schemesHelp}</p>
        </section>
      )}
      {problems.length > 0 && (
        <section aria-label={t.problems}>
          <h3 className="font-medium text-warn text-xs">{t.problems}</h3>
          <ul className="list-disc pl-4 text-ink-2 text-xs">
            {problems.map((problem) => (
              <li key={problem} className="wrap-anywhere">
                {problem}
              </li>
            ))}
          </ul>
        </section>
      )}
      <ul className="max-h-96 divide-y divide-line overflow-y-auto rounded-md border border-line">
        {operations.map((one) => (
          <li key={one.id} className="grid gap-x-3 px-3 py-1.5 sm:grid-cols-[4.5rem_minmax(0,1fr)]">
            <span className="font-mono text-ink-3 text-xs leading-5">{one.method}</span>
            <span className="min-w-0">
              <span className={cx("wrap-anywhere block", one.deprecated && "text-ink-3 line-through")}>
                {one.label}
                {one.deprecated && <span className="sr-only">{`, ${t.deprecated}`}</span>}
              </span>
              <span className="wrap-anywhere block font-mono text-ink-3 text-xs">{one.path}</span>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
