import { type BulkRequest, useChangeWorkflows, useDuplicateWorkflow, useImportWorkflows } from "../../api/organising";
import type { WorkflowSummary } from "../../api/types";
import type { WorkflowDocument } from "../../graph/document";
import { strings } from "../../strings";
import { messageOf, sentences } from "../../ui/message";
import { toast } from "../../ui/toasts";
import { documentsIn, download, exported, FileProblem, MOST_FILE_BYTES } from "./files";

const t = strings.organising;

export function tellFailure(title: string, error: unknown): void {
  const { title: what, detail } =
    error instanceof FileProblem ? { title: "", detail: error.message } : messageOf(error);
  toast({ tone: "bad", title, detail: sentences(what, detail) });
}

/** What people do to workflows from the list. Each tells how it went. */
export function useActions() {
  const changing = useChangeWorkflows();
  const duplicating = useDuplicateWorkflow();
  const importing = useImportWorkflows();

  /** Acts on workflows; resolves to whether all of it worked. */
  const act = async (workflows: readonly WorkflowSummary[], request: Omit<BulkRequest, "ids">, told?: string) => {
    try {
      const results = await changing.mutateAsync({ ...request, ids: workflows.map(({ id }) => id) });
      const failed = results.filter((result) => !result.ok);
      if (request.action === "export") {
        const documents = results.flatMap(({ document }) =>
          document ? [document as unknown as WorkflowDocument] : [],
        );
        if (documents.length > 0) download(exported(documents));
      }
      const done = results.length - failed.length;
      if (failed.length === 0) toast({ tone: "ok", title: told ?? t.allDone[request.action](done) });
      else {
        const names = new Map(workflows.map(({ id, name }) => [id, name]));
        const detail = failed.map(({ id, message }) => `${names.get(id) ?? id}: ${message ?? ""}`).join(" ");
        toast({ tone: "bad", title: done > 0 ? t.partly(done, results.length) : t.failed, detail });
      }
      return failed.length === 0;
    } catch (error) {
      tellFailure(t.failed, error);
      return false;
    }
  };

  const duplicate = async (workflow: WorkflowSummary) => {
    try {
      const made = await duplicating.mutateAsync(workflow.id);
      toast({ tone: "ok", title: t.duplicated(made.name) });
    } catch (error) {
      tellFailure(t.failed, error);
    }
  };

  /** Imports a file; resolves to the workflow where it was just one. */
  const importFile = async (file: File, folderId: string, projectId: string) => {
    try {
      if (file.size > MOST_FILE_BYTES) throw new FileProblem(t.tooLarge);
      const made = await importing.mutateAsync({ documents: documentsIn(await file.text()), folderId, projectId });
      const [first] = made;
      toast({ tone: "ok", title: made.length === 1 && first ? t.imported(first.name) : t.importedMany(made.length) });
    } catch (error) {
      tellFailure(t.importFailed, error);
    }
  };

  return { act, duplicate, importFile, busy: changing.isPending, importing: importing.isPending };
}

export type Actions = ReturnType<typeof useActions>;
