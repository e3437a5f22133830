import { type FormEvent, useState } from "react";
import { type Folder, useFolders, useSaveFolder } from "../../api/organising";
import { ApiError } from "../../api/problem";
import type { WorkflowSummary } from "../../api/types";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field, Input } from "../../ui/Form";
import { inWords } from "../../ui/message";
import { Select, type SelectOption } from "../../ui/Select";
import { flat, treeOf, within } from "./folders";
import type { Actions } from "./useActions";

const t = strings.organising;

/** Folders to choose from, indented by their depth. */
export function folderOptions(folders: readonly Folder[], top: string, without?: ReadonlySet<string>): SelectOption[] {
  const branches = flat(treeOf(folders)).filter(({ folder }) => !without?.has(folder.id));
  return [
    { value: "", label: top },
    ...branches.map(({ folder, depth }) => ({ value: folder.id, label: "\u2003".repeat(depth) + folder.name })),
  ];
}

interface FolderDialogProps {
  /** The folder to change; a new one without it. */
  folder?: Folder;
  parentId: string | null;
  folders: readonly Folder[];
  onClose(): void;
  onSaved?(folder: Folder): void;
}

/** Makes a folder, or renames and moves one. */
export function FolderDialog({ folder, parentId, folders, onClose, onSaved }: FolderDialogProps) {
  const [name, setName] = useState(folder?.name ?? "");
  const [parent, setParent] = useState(parentId ?? "");
  const save = useSaveFolder();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!name.trim()) return;
    save.mutate(
      { ...(folder ? { id: folder.id } : {}), name: name.trim(), parentId: parent || null },
      {
        onSuccess: (saved) => {
          if (saved) onSaved?.(saved);
          onClose();
        },
      },
    );
  };
  const wrong = save.error instanceof ApiError ? save.error.messageFor("name") : undefined;
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={folder ? t.editFolder : t.newFolder}>
      <form onSubmit={submit} className="space-y-3 pb-3">
        <Field label={t.folderName} error={wrong} required>
          {(ids) => <Input {...ids} value={name} maxLength={80} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <Field label={t.folderParent}>
          {(ids) => (
            <Select
              {...ids}
              value={parent}
              onChange={setParent}
              options={folderOptions(folders, t.folderTop, folder && within(folders, folder.id))}
            />
          )}
        </Field>
        {save.isError && !wrong && (
          <p role="alert" className="rounded-md bg-bad-soft px-3 py-2 text-bad text-sm">
            {inWords(save.error)}
          </p>
        )}
        <div className="flex justify-end gap-2 pt-1">
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button variant="primary" type="submit" busy={save.isPending} disabled={!name.trim()}>
            {strings.common.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface MoveDialogProps {
  workflows: readonly WorkflowSummary[];
  actions: Actions;
  onClose(): void;
}

/** Moves workflows to a folder, or out of all. */
export function MoveDialog({ workflows, actions, onClose }: MoveDialogProps) {
  const folders = useFolders().data ?? [];
  const places = new Set(workflows.map((workflow) => workflow.folderId ?? ""));
  const [first] = places;
  const [place, setPlace] = useState(places.size === 1 ? (first ?? "") : "");
  const [creating, setCreating] = useState(false);
  const move = async () => {
    if (await actions.act(workflows, { action: "move", folderId: place || null })) onClose();
  };
  if (creating) {
    return (
      <FolderDialog
        parentId={place || null}
        folders={folders}
        onClose={() => setCreating(false)}
        onSaved={(folder) => setPlace(folder.id)}
      />
    );
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t.moveTitle(workflows.length)}
      footer={
        <>
          <Button variant="quiet" className="mr-auto" onClick={() => setCreating(true)}>
            {t.newFolder}
          </Button>
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button variant="primary" busy={actions.busy} onClick={() => void move()}>
            {t.moveAction}
          </Button>
        </>
      }
    >
      <Field label={t.folder}>
        {(ids) => <Select {...ids} value={place} onChange={setPlace} options={folderOptions(folders, t.moveNone)} />}
      </Field>
    </Dialog>
  );
}
