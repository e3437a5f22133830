import { useQueryClient } from "@tanstack/react-query";
import { Plus, Search, Sparkles, Workflow as WorkflowIcon } from "lucide-react";
import { useCallback, useDeferredValue, useState } from "react";
import { useNavigate } from "react-router";
import { keys, useCatalogue, useCreateWorkflow, useDeleteWorkflow, useWorkflows } from "../api/queries";
import { useSession } from "../api/session";
import type { WorkflowSummary } from "../api/types";
import { starterDocument } from "../graph/create";
import { emptyDocument, type WorkflowDocument } from "../graph/document";
import { useExecutionNews } from "../live/live";
import { strings } from "../strings";
import { Button } from "../ui/Button";
import { ConfirmDialog } from "../ui/ConfirmDialog";
import { Input } from "../ui/Form";
import { messageOf } from "../ui/message";
import { Empty, Failed, LoadingRows } from "../ui/States";
import { toast } from "../ui/toasts";
import { PageFrame } from "./PageFrame";
import { WorkflowRow } from "./WorkflowRow";

const t = strings.workflows;

export function WorkflowsPage() {
  const [search, setSearch] = useState("");
  const query = useWorkflows(useDeferredValue(search.trim()));
  const [doomed, setDoomed] = useState<WorkflowSummary | null>(null);
  const remove = useDeleteWorkflow();
  const { create, busy } = useCreate();
  const tenant = useSession((session) => session.tenant?.id);
  const client = useQueryClient();
  useExecutionNews(
    tenant ? `tenant:${tenant}` : null,
    useCallback(() => void client.invalidateQueries({ queryKey: keys.workflows }), [client]),
  );
  const workflows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const blank = query.isSuccess && workflows.length === 0 && search.trim() === "";

  return (
    <PageFrame
      title={t.title}
      aside={
        <Button
          variant="primary"
          icon={<Plus size={15} />}
          busy={busy}
          onClick={() => create(emptyDocument(t.untitled))}
        >
          {t.create}
        </Button>
      }
      tools={
        !blank && (
          <div className="relative w-full sm:w-72">
            <Search size={14} className="-translate-y-1/2 absolute top-1/2 left-2.5 text-ink-3" aria-hidden />
            <Input
              type="search"
              value={search}
              onChange={(event) => setSearch(event.target.value)}
              placeholder={t.searchLabel}
              aria-label={t.searchLabel}
              className="pl-8"
            />
          </div>
        )
      }
    >
      {query.isPending && <LoadingRows />}
      {query.isError && <Failed error={query.error} onRetry={() => void query.refetch()} />}
      {blank && <FirstWorkflow busy={busy} create={create} />}
      {query.isSuccess && workflows.length === 0 && !blank && (
        <Empty icon={<Search size={20} />} title={t.noneFound(search.trim())}>
          {t.noneFoundText}
        </Empty>
      )}
      {workflows.length > 0 && (
        <ul className="divide-y divide-line">
          {workflows.map((workflow) => (
            <WorkflowRow key={workflow.id} workflow={workflow} onDelete={() => setDoomed(workflow)} />
          ))}
        </ul>
      )}
      {query.hasNextPage && (
        <div className="flex justify-center border-line border-t p-3">
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {strings.common.loadMore}
          </Button>
        </div>
      )}
      {doomed && (
        <ConfirmDialog
          title={t.deleteTitle(doomed.name)}
          text={t.deleteText}
          action={strings.common.delete}
          failed={t.deleteFailed}
          onConfirm={async () => {
            await remove.mutateAsync(doomed.id);
            toast({ tone: "ok", title: t.deleted(doomed.name) });
          }}
          onClose={() => setDoomed(null)}
        />
      )}
    </PageFrame>
  );
}

function useCreate() {
  const navigate = useNavigate();
  const mutation = useCreateWorkflow();
  const create = (document: WorkflowDocument) =>
    mutation.mutate(document, {
      onSuccess: (workflow) => void navigate(`/workflows/${workflow.id}`),
      onError: (error) => {
        const { title, detail } = messageOf(error);
        toast({ tone: "bad", title: t.createFailed, detail: `${title}. ${detail}` });
      },
    });
  return { create, busy: mutation.isPending };
}

function FirstWorkflow({ busy, create }: { busy: boolean; create(document: WorkflowDocument): void }) {
  const catalogue = useCatalogue();
  return (
    <Empty
      icon={<WorkflowIcon size={20} />}
      title={t.emptyTitle}
      actions={
        <>
          <Button
            variant="primary"
            icon={<Sparkles size={15} />}
            disabled={!catalogue.data}
            busy={busy}
            onClick={() => catalogue.data && create(starterDocument(catalogue.data, t.starterName))}
          >
            {t.starter}
          </Button>
          <Button disabled={busy} onClick={() => create(emptyDocument(t.untitled))}>
            {t.blank}
          </Button>
        </>
      }
    >
      {t.emptyText}
    </Empty>
  );
}
