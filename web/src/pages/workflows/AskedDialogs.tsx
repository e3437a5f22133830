import { type Folder, useDeleteFolder } from "../../api/organising";
import type { WorkflowSummary } from "../../api/types";
import { strings } from "../../strings";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { SaveTemplateDialog } from "../templates/SaveTemplateDialog";
import { FolderDialog, MoveDialog } from "./FolderDialogs";
import { ProjectMoveDialog, ShareDialog } from "./ProjectDialogs";
import { TagsDialog } from "./TagsDialog";
import type { Actions } from "./useActions";

const t = strings.workflows;
const o = strings.organising;

/** What is being asked about workflows or a folder. */
export type Asked =
  | { what: "move" | "tag" | "delete"; workflows: WorkflowSummary[] }
  | { what: "project" | "share" | "template"; workflow: WorkflowSummary }
  | { what: "folder"; folder?: Folder; parentId: string | null }
  | { what: "deleteFolder"; folder: Folder };

interface AskedDialogsProps {
  asked: Asked | null;
  folders: readonly Folder[];
  actions: Actions;
  onClose(): void;
  goTo(folderId: string): void;
}

/** The dialog for what is being asked; none where nothing is. */
export function AskedDialogs({ asked, folders, actions, onClose, goTo }: AskedDialogsProps) {
  const removeFolder = useDeleteFolder();
  switch (asked?.what) {
    case "move":
      return <MoveDialog workflows={asked.workflows} actions={actions} onClose={onClose} />;
    case "project":
      return <ProjectMoveDialog workflow={asked.workflow} onClose={onClose} />;
    case "share":
      return <ShareDialog workflow={asked.workflow} onClose={onClose} />;
    case "template":
      return <SaveTemplateDialog workflow={asked.workflow} onClose={onClose} />;
    case "tag":
      return <TagsDialog workflows={asked.workflows} actions={actions} onClose={onClose} />;
    case "delete": {
      const [first] = asked.workflows;
      const one = asked.workflows.length === 1 && first ? first : null;
      return (
        <ConfirmDialog
          title={one ? t.deleteTitle(one.name) : o.deleteMany(asked.workflows.length)}
          text={t.deleteText}
          action={strings.common.delete}
          failed={t.deleteFailed}
          onConfirm={() => actions.act(asked.workflows, { action: "delete" }, one ? t.deleted(one.name) : undefined)}
          onClose={onClose}
        />
      );
    }
    case "folder":
      return (
        <FolderDialog
          {...(asked.folder ? { folder: asked.folder } : {})}
          parentId={asked.parentId}
          folders={folders}
          onClose={onClose}
        />
      );
    case "deleteFolder":
      return (
        <ConfirmDialog
          title={o.deleteFolderTitle(asked.folder.name)}
          text={o.deleteFolderText}
          action={o.deleteFolder}
          failed={o.folderNotDeleted}
          onConfirm={async () => {
            await removeFolder.mutateAsync(asked.folder.id);
            goTo(asked.folder.parentId ?? "");
          }}
          onClose={onClose}
        />
      );
    default:
      return null;
  }
}
