import { useState } from "react";
import { getWorkflow, publishWorkflow, unpublishWorkflow } from "../api/endpoints";
import { ApiError } from "../api/problem";
import type { Diagnostic } from "../graph/document";
import { strings } from "../strings";
import { messageOf } from "../ui/message";
import { toast } from "../ui/toasts";
import { savedOrTold } from "./savedOrTold";
import type { Saver } from "./saver";
import { useEditor } from "./store";

const t = strings.editor;

/** Publishes what is on screen; errors go onto their nodes. */
export function usePublishing(saver: React.RefObject<Saver | null>) {
  const [publishing, setPublishing] = useState(false);
  const id = useEditor((state) => state.workflowId);
  const failed = (title: string, error: unknown): void => {
    const message = messageOf(error);
    toast({ tone: "bad", title, detail: [message.title, message.detail].filter(Boolean).join(". ") });
  };
  const publish = async (note = "") => {
    setPublishing(true);
    try {
      if (!(await savedOrTold(saver, strings.safety.notPublished))) return;
      const { number } = await publishWorkflow(id, note);
      const { webhooks, enabled } = await getWorkflow(id);
      useEditor.setState({ publishedVersion: number, webhooks, enabled });
      toast({ tone: "ok", title: t.published(number) });
    } catch (error) {
      const found = error instanceof ApiError ? error.body.diagnostics : undefined;
      if (Array.isArray(found)) {
        useEditor.setState({ diagnostics: found as Diagnostic[] });
        toast({ tone: "bad", title: t.publishBlocked, detail: (found as Diagnostic[])[0]?.message });
      } else failed(t.publishFailed, error);
    } finally {
      setPublishing(false);
    }
  };
  const unpublish = async () => {
    try {
      await unpublishWorkflow(id);
      useEditor.setState({ publishedVersion: null, enabled: true, webhooks: [] });
      toast({ tone: "ok", title: t.unpublished });
    } catch (error) {
      failed(t.unpublish, error);
    }
  };
  return { publish, unpublish, publishing };
}
