import { Search, Tag as TagIcon, X } from "lucide-react";
import { Popover } from "radix-ui";
import { type ListOrder, type ListStatus, useFolders, useTags, type WorkflowFilter } from "../../api/organising";
import { useProjects } from "../../api/projects";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { Checkbox } from "../../ui/Checkbox";
import { SearchInput } from "../../ui/SearchInput";
import { Select } from "../../ui/Select";
import { folderOptions } from "./FolderDialogs";
import { TagChip } from "./TagChip";

const t = strings.organising;
const STATUSES = ["", "published", "disabled", "draft"].map((value) => ({
  value,
  label: t.statuses[value] ?? t.anyStatus,
}));
const ORDERS = ["updated", "created", "name"].map((value) => ({ value, label: t.sorts[value] ?? value }));

interface ListToolsProps {
  filter: WorkflowFilter;
  change(changes: Partial<WorkflowFilter>): void;
}

/** Search, filters and order of the list. */
export function ListTools({ filter, change }: ListToolsProps) {
  const folders = useFolders().data ?? [];
  const projects = useProjects().data ?? [];
  const filtered = filter.status !== "" || filter.tagIds.length > 0;
  return (
    <>
      <div className="relative w-full sm:w-64">
        <Search size={14} className="-translate-y-1/2 absolute top-1/2 left-2.5 text-ink-3" aria-hidden />
        <SearchInput
          label={strings.workflows.searchLabel}
          value={filter.search}
          onChange={(search) => change({ search })}
          className="pl-8"
        />
      </div>
      {projects.length > 1 && (
        <div className="min-w-28 flex-1 sm:w-36 sm:flex-none">
          <Select
            label={strings.projects.project}
            value={filter.projectId}
            onChange={(projectId) => change({ projectId, folderId: "" })}
            options={[
              { value: "", label: strings.projects.all },
              ...projects.map(({ id, name }) => ({ value: id, label: name })),
            ]}
          />
        </div>
      )}
      {folders.length > 0 && (
        <div className="min-w-28 flex-1 lg:hidden">
          <Select
            label={t.folder}
            value={filter.folderId}
            onChange={(folderId) => change({ folderId })}
            options={folderOptions(folders, t.allFolders)}
          />
        </div>
      )}
      <div className="min-w-28 flex-1 sm:w-32 sm:flex-none">
        <Select
          label={t.status}
          value={filter.status}
          onChange={(status) => change({ status: status as ListStatus | "" })}
          options={STATUSES}
        />
      </div>
      <TagFilter filter={filter} change={change} />
      {filtered && (
        <Button variant="quiet" icon={<X size={14} />} onClick={() => change({ status: "", tagIds: [] })}>
          {t.clearFilters}
        </Button>
      )}
      <div className="ml-auto min-w-28 flex-1 sm:w-36 sm:flex-none">
        <Select
          label={t.sort}
          value={filter.sort}
          onChange={(sort) => change({ sort: sort as ListOrder })}
          options={ORDERS}
        />
      </div>
    </>
  );
}

function TagFilter({ filter, change }: ListToolsProps) {
  const tags = useTags().data ?? [];
  if (tags.length === 0) return null;
  const toggle = (id: string, on: boolean) =>
    change({ tagIds: on ? [...filter.tagIds, id] : filter.tagIds.filter((one) => one !== id) });
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <Button icon={<TagIcon size={14} />}>{t.tagFilter(filter.tagIds.length)}</Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={6}
          collisionPadding={8}
          aria-label={t.tags}
          className="z-40 max-h-80 min-w-52 animate-pop overflow-y-auto rounded-lg border border-line bg-surface p-1 shadow-md"
        >
          {tags.map((tag) => (
            <label
              key={tag.id}
              htmlFor={`filter-${tag.id}`}
              className="flex h-8 items-center gap-2 rounded-md px-2 hover:bg-surface-3"
            >
              <Checkbox
                id={`filter-${tag.id}`}
                checked={filter.tagIds.includes(tag.id)}
                onChange={(on) => toggle(tag.id, on)}
                label={tag.name}
              />
              <TagChip tag={tag} />
              <span className="tabular ml-auto text-2xs text-ink-3">{tag.workflows}</span>
            </label>
          ))}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
