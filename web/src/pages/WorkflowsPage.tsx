import { FolderOpen, LayoutTemplate, Plus, Search } from "lucide-react";
import { useDeferredValue, useMemo, useState } from "react";
import { useNavigate } from "react-router";
import { type Folder, useCreateWorkflowIn, useFolders, useTags, useWorkflowList } from "../api/organising";
import { useProjects } from "../api/projects";
import { keys } from "../api/queries";
import type { WorkflowSummary } from "../api/types";
import { emptyDocument, type WorkflowDocument } from "../graph/document";
import { useStaleOnNews } from "../live/news";
import { strings } from "../strings";
import { Button } from "../ui/Button";
import { ButtonLink } from "../ui/ButtonLink";
import { Checkbox } from "../ui/Checkbox";
import { Empty, Failed, LoadingRows } from "../ui/States";
import { useSelection } from "../ui/useSelection";
import { PageFrame } from "./PageFrame";
import { WorkflowRow } from "./WorkflowRow";
import { type Asked, AskedDialogs } from "./workflows/AskedDialogs";
import { BulkBar } from "./workflows/BulkBar";
import { FirstWorkflow } from "./workflows/FirstWorkflow";
import { Crumbs, FolderMenu, FolderTree } from "./workflows/FolderTree";
import { ImportButton } from "./workflows/ImportButton";
import { ListTools } from "./workflows/ListTools";
import { More } from "./workflows/More";
import { tellFailure, useActions } from "./workflows/useActions";
import { useListFilter } from "./workflows/useListFilter";

const t = strings.workflows;
const o = strings.organising;

export function WorkflowsPage() {
  const { filter, change } = useListFilter();
  const search = useDeferredValue(filter.search.trim());
  const query = useWorkflowList({ ...filter, search });
  const folders = useFolders().data ?? [];
  const tags = useTags().data ?? [];
  const projects = useProjects().data ?? [];
  const manages = (workflow: WorkflowSummary) =>
    projects.find(({ id }) => id === workflow.projectId)?.permissions.includes("projects.manage") ?? false;
  const actions = useActions();
  const { create, busy } = useCreate(filter.folderId, filter.projectId);
  const [asked, setAsked] = useState<Asked | null>(null);
  useStaleOnNews(keys.workflows);

  const pages = query.data?.pages;
  const workflows = useMemo(() => pages?.flatMap((page) => page.items) ?? [], [pages]);
  const selecting = useSelection(useMemo(() => workflows.map(({ id }) => id), [workflows]));
  const selection = workflows.filter(({ id }) => selecting.chosen.has(id));
  const filtered =
    filter.search.trim() !== "" || filter.status !== "" || filter.tagIds.length > 0 || filter.projectId !== "";
  const nothing = query.isSuccess && workflows.length === 0;
  const blank = nothing && !filtered && filter.folderId === "";
  const goTo = (folderId: string) => {
    selecting.clear();
    change({ folderId });
  };

  const here = folders.find(({ id }) => id === filter.folderId);
  const deeds = {
    onNew: (parent: Folder | null) => setAsked({ what: "folder", parentId: parent?.id ?? null }),
    onEdit: (folder: Folder) => setAsked({ what: "folder", folder, parentId: folder.parentId ?? null }),
    onDelete: (folder: Folder) => setAsked({ what: "deleteFolder", folder }),
  };

  return (
    <div className="mx-auto flex w-full max-w-6xl">
      {(!blank || folders.length > 0) && (
        <div className="hidden w-52 shrink-0 pt-9 pl-6 lg:block">
          <FolderTree folders={folders} selected={filter.folderId} onSelect={goTo} {...deeds} />
        </div>
      )}
      <div className="min-w-0 flex-1">
        <PageFrame
          title={t.title}
          aside={
            <div className="flex gap-2">
              <ButtonLink
                to="/templates"
                icon={<LayoutTemplate size={14} />}
                label={strings.templates.toTemplates}
                short
              />
              <ImportButton
                busy={actions.importing}
                onFile={(file) => void actions.importFile(file, filter.folderId, filter.projectId)}
              />
              <Button
                variant="primary"
                icon={<Plus size={15} />}
                busy={busy}
                onClick={() => create(emptyDocument(t.untitled))}
              >
                {t.create}
              </Button>
            </div>
          }
          tools={
            !blank && (
              <>
                {filter.folderId !== "" && (
                  <div className="flex w-full items-center gap-1">
                    <Crumbs folders={folders} selected={filter.folderId} onSelect={goTo} />
                    {/* The tree has it too, where there is room for the tree. */}
                    <span className="lg:hidden">{here && <FolderMenu folder={here} {...deeds} />}</span>
                  </div>
                )}
                <ListTools filter={filter} change={change} />
              </>
            )
          }
        >
          {query.isPending && <LoadingRows />}
          {query.isError && <Failed error={query.error} onRetry={() => void query.refetch()} />}
          {blank && <FirstWorkflow busy={busy} create={create} />}
          {nothing && filtered && (
            <Empty
              icon={<Search size={20} />}
              title={search ? t.noneFound(search) : o.nothingMatches}
              actions={
                <Button onClick={() => change({ search: "", status: "", tagIds: [], projectId: "" })}>
                  {o.clearFilters}
                </Button>
              }
            >
              {o.nothingMatchesText}
            </Empty>
          )}
          {nothing && !filtered && filter.folderId !== "" && (
            <Empty icon={<FolderOpen size={20} />} title={o.emptyFolder}>
              {o.emptyFolderText}
            </Empty>
          )}
          {workflows.length > 0 && (
            <>
              <div className="flex h-9 items-center gap-3 border-line border-b bg-surface-2 px-3 text-ink-3 text-xs sm:px-4">
                <Checkbox checked={selecting.all} onChange={selecting.setAll} label={o.selectAll} />
                <span aria-hidden>{t.columns.name}</span>
                <span aria-hidden className="ml-auto hidden pr-24 sm:inline">
                  {t.columns.last}
                </span>
              </div>
              <ul className="divide-y divide-line">
                {workflows.map((workflow) => (
                  <WorkflowRow
                    key={workflow.id}
                    workflow={workflow}
                    tags={tags.filter((tag) => workflow.tagIds.includes(tag.id))}
                    folder={
                      workflow.folderId === filter.folderId
                        ? undefined
                        : folders.find(({ id }) => id === workflow.folderId)?.name
                    }
                    selected={selecting.chosen.has(workflow.id)}
                    actions={actions}
                    onSelect={(on, range) => selecting.set(workflow.id, on, range)}
                    onMove={() => setAsked({ what: "move", workflows: [workflow] })}
                    onTag={() => setAsked({ what: "tag", workflows: [workflow] })}
                    onDelete={() => setAsked({ what: "delete", workflows: [workflow] })}
                    onTemplate={() => setAsked({ what: "template", workflow })}
                    {...(manages(workflow) ? { onShare: () => setAsked({ what: "share", workflow }) } : {})}
                    {...(projects.length > 1 ? { onProject: () => setAsked({ what: "project", workflow }) } : {})}
                    project={
                      projects.length > 1 && filter.projectId === ""
                        ? projects.find(({ id }) => id === workflow.projectId)?.name
                        : undefined
                    }
                  />
                ))}
              </ul>
            </>
          )}
          {query.hasNextPage && <More query={query} />}
        </PageFrame>
        {selection.length > 0 && (
          <BulkBar
            workflows={selection}
            actions={actions}
            onMove={() => setAsked({ what: "move", workflows: selection })}
            onTag={() => setAsked({ what: "tag", workflows: selection })}
            onDelete={() => setAsked({ what: "delete", workflows: selection })}
            onClear={selecting.clear}
          />
        )}
      </div>
      <AskedDialogs asked={asked} folders={folders} actions={actions} onClose={() => setAsked(null)} goTo={goTo} />
    </div>
  );
}

function useCreate(folderId: string, projectId: string) {
  const navigate = useNavigate();
  const mutation = useCreateWorkflowIn();
  const create = (document: WorkflowDocument, query = "") =>
    mutation.mutate(
      { document, folderId, projectId },
      {
        onSuccess: (workflow) => void navigate(`/workflows/${workflow.id}${query}`),
        onError: (error) => tellFailure(t.createFailed, error),
      },
    );
  return { create, busy: mutation.isPending };
}
