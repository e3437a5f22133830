import { useIsMutating } from "@tanstack/react-query";
import { Pencil, Plus, Trash2 } from "lucide-react";
import { type FormEvent, type Ref, useImperativeHandle, useRef, useState } from "react";
import { type Tag, type TagColor, useDeleteTag, useSaveTag, useTags } from "../../api/organising";
import { ApiError } from "../../api/problem";
import type { WorkflowSummary } from "../../api/types";
import { strings } from "../../strings";
import { Button, IconButton } from "../../ui/Button";
import { Checkbox } from "../../ui/Checkbox";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { cx } from "../../ui/cx";
import { Dialog } from "../../ui/Dialog";
import { Input } from "../../ui/Form";
import { inWords } from "../../ui/message";
import { Failed, LoadingRows } from "../../ui/States";
import { TAG_COLORS, TagChip, TagDot } from "./TagChip";
import type { Actions } from "./useActions";

const t = strings.organising;

interface TagsDialogProps {
  workflows: readonly WorkflowSummary[];
  actions: Actions;
  onClose(): void;
}

/** Puts tags on workflows and takes them off; makes, renames and deletes tags. */
export function TagsDialog({ workflows, actions, onClose }: TagsDialogProps) {
  const query = useTags();
  const [changed, setChanged] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [edited, setEdited] = useState<Tag | null>(null);
  const [doomed, setDoomed] = useState<Tag | null>(null);
  const remove = useDeleteTag();
  // A tag that is just being made must not be missed by a quick "Save".
  const making = useIsMutating() > 0;
  const set = (id: string, on: boolean) => setChanged((before) => new Map(before).set(id, on));
  const stateOf = (id: string): boolean | "indeterminate" => {
    const wanted = changed.get(id);
    if (wanted !== undefined) return wanted;
    const count = workflows.filter((workflow) => workflow.tagIds.includes(id)).length;
    return count === 0 ? false : count === workflows.length ? true : "indeterminate";
  };
  const fresh = useRef<TagFormHandle>(null);
  const save = async () => {
    // A name that is typed but not added is meant, too.
    const made = await fresh.current?.finish();
    if (made === "refused") return;
    const known = new Set(query.data?.map(({ id }) => id));
    if (made) known.add(made.id);
    const wanted = made ? new Map(changed).set(made.id, true) : changed;
    const picked = (on: boolean) => [...wanted].filter(([id, is]) => is === on && known.has(id)).map(([id]) => id);
    const request = { action: "tag" as const, addTagIds: picked(true), removeTagIds: picked(false) };
    if (request.addTagIds.length + request.removeTagIds.length === 0) onClose();
    else if (await actions.act(workflows, request)) onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t.tagsTitle(workflows.length)}
      description={t.tagsText}
      footer={
        <>
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button variant="primary" busy={actions.busy || making} onClick={() => void save()}>
            {strings.common.save}
          </Button>
        </>
      }
    >
      {query.isPending && <LoadingRows rows={3} />}
      {query.isError && <Failed error={query.error} onRetry={() => void query.refetch()} />}
      {query.data?.length === 0 && <p className="py-3 text-ink-3 text-sm">{t.noTags}</p>}
      <ul className="-mx-2 mb-3">
        {query.data?.map((tag) =>
          edited?.id === tag.id ? (
            <li key={tag.id} className="px-2 py-1">
              <TagForm tag={tag} onDone={() => setEdited(null)} />
            </li>
          ) : (
            <li key={tag.id} className="group flex h-9 items-center gap-2.5 rounded-md px-2 hover:bg-surface-2">
              <label htmlFor={`tag-${tag.id}`} className="flex min-w-0 flex-1 items-center gap-2.5">
                <Checkbox
                  id={`tag-${tag.id}`}
                  checked={stateOf(tag.id)}
                  onChange={(on) => set(tag.id, on)}
                  label={tag.name}
                />
                <TagChip tag={tag} />
                {stateOf(tag.id) === "indeterminate" && <span className="text-ink-3 text-xs">{t.partlyOn}</span>}
              </label>
              <span className="tabular text-2xs text-ink-3">{tag.workflows}</span>
              <IconButton small label={t.editTag(tag.name)} onClick={() => setEdited(tag)}>
                <Pencil size={13} />
              </IconButton>
              <IconButton small label={t.deleteTag(tag.name)} onClick={() => setDoomed(tag)}>
                <Trash2 size={13} />
              </IconButton>
            </li>
          ),
        )}
      </ul>
      <TagForm ref={fresh} onDone={(tag) => tag && set(tag.id, true)} />
      {doomed && (
        <ConfirmDialog
          title={t.deleteTagTitle(doomed.name)}
          text={t.deleteTagText(doomed.workflows)}
          action={strings.common.delete}
          failed={t.tagNotDeleted}
          onConfirm={() => remove.mutateAsync(doomed.id)}
          onClose={() => setDoomed(null)}
        />
      )}
    </Dialog>
  );
}

interface TagFormHandle {
  /** Saves what is typed: the tag, nothing where nothing is typed, or that it was refused, which the form then says. */
  finish(): Promise<Tag | undefined | "refused">;
}

interface TagFormProps {
  tag?: Tag;
  ref?: Ref<TagFormHandle>;
  onDone(saved: Tag | undefined): void;
}

/** The name and colour of a tag: of a new one, or one that is changed. */
function TagForm({ tag, ref, onDone }: TagFormProps) {
  const [name, setName] = useState(tag?.name ?? "");
  const [color, setColor] = useState<TagColor>(tag?.color ?? "indigo");
  const save = useSaveTag();
  const finish = async (): Promise<Tag | undefined | "refused"> => {
    if (!name.trim()) return undefined;
    try {
      const saved = await save.mutateAsync({ ...(tag ? { id: tag.id } : {}), name: name.trim(), color });
      if (!tag) setName("");
      onDone(saved);
      return saved;
    } catch {
      return "refused";
    }
  };
  useImperativeHandle(ref, () => ({ finish }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void finish();
  };
  const wrong = save.error instanceof ApiError ? save.error.messageFor("name") : undefined;
  return (
    <form onSubmit={submit} className="space-y-2 rounded-lg bg-surface-2 p-2.5">
      <div className="flex gap-2">
        <Input
          value={name}
          maxLength={40}
          placeholder={t.newTag}
          aria-label={tag ? t.editTag(tag.name) : t.newTagName}
          aria-invalid={save.isError || undefined}
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="submit" busy={save.isPending} disabled={!name.trim()} icon={tag ? undefined : <Plus size={14} />}>
          {tag ? strings.common.save : t.addTag}
        </Button>
        {tag && (
          <Button variant="quiet" onClick={() => onDone(undefined)}>
            {strings.common.cancel}
          </Button>
        )}
      </div>
      <fieldset className="flex items-center gap-1" aria-label={t.tagColor}>
        {TAG_COLORS.map((one) => (
          <label
            key={one}
            title={t.colors[one]}
            className={cx(
              "flex size-6 items-center justify-center rounded-full border-2 has-focus-visible:outline-2 has-focus-visible:outline-accent",
              one === color ? "border-ink-3" : "border-transparent",
            )}
          >
            <input
              type="radio"
              name={tag ? `color-${tag.id}` : "color"}
              className="sr-only"
              checked={one === color}
              onChange={() => setColor(one)}
              aria-label={t.colors[one]}
            />
            <TagDot color={one} className="size-3.5" />
          </label>
        ))}
      </fieldset>
      {save.isError && (
        <p role="alert" className="text-bad text-xs">
          {wrong ?? inWords(save.error)}
        </p>
      )}
    </form>
  );
}
