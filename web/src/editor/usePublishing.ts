import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { getWorkflow, publishWorkflow, type Said, unpublishWorkflow } from "../api/endpoints";
import { ApiError } from "../api/problem";
import { askForRelease } from "../api/releases";
import { testTriggers } from "../api/triggerChecks";
import { strings } from "../strings";
import { messageOf, sentences } from "../ui/message";
import { toast } from "../ui/toasts";
import { tell, untell } from "./findings";
import { savedOrTold } from "./savedOrTold";
import type { Saver } from "./saver";
import { useEditor } from "./store";

const t = strings.editor;
const words = strings.triggerChecks;

/** Publishes what is on screen; errors go onto their nodes. Then calls its triggers: what does not answer is shown. */
export function usePublishing(saver: React.RefObject<Saver | null>, onShowVersions: () => void) {
  const queries = useQueryClient();
  const [publishing, setPublishing] = useState(false);
  const [checks, showChecks] = useState(false);
  const id = useEditor((state) => state.workflowId);
  const failed = (title: string, error: unknown): void => {
    const message = messageOf(error);
    toast({ tone: "bad", title, detail: sentences(message.title, message.detail) });
  };
  const publish = async (said: Said = {}) => {
    setPublishing(true);
    try {
      if (!(await savedOrTold(saver, strings.safety.notPublished))) return;
      const { number } = await publishWorkflow(id, said);
      const { webhooks, enabled, publishedVersion } = await getWorkflow(id);
      untell();
      useEditor.setState({ publishedVersion, webhooks, enabled });
      void queries.invalidateQueries({ queryKey: ["live", id] });
      if (publishedVersion !== number) {
        toast({ tone: "ok", title: t.publishedFirst(number), detail: t.publishedFirstText });
        return;
      }
      toast({ tone: "ok", title: t.published(number) });
      void test();
    } catch (error) {
      const found = error instanceof ApiError ? tell(error) : null;
      if (found) toast({ tone: "bad", title: t.publishBlocked, detail: found[0]?.message });
      else failed(t.publishFailed, error);
    } finally {
      setPublishing(false);
    }
  };
  /** Asks for somebody else's approval of what is on screen: it goes live as it is now, or not at all. */
  const ask = async (said: Said = {}) => {
    setPublishing(true);
    try {
      if (!(await savedOrTold(saver, strings.releases.notAsked))) return;
      const { version } = await askForRelease(id, said);
      untell();
      void queries.invalidateQueries({ queryKey: ["releases"] });
      void queries.invalidateQueries({ queryKey: ["versions", id] });
      const { askedText: detail, show: label } = strings.releases;
      toast({ tone: "ok", title: strings.releases.asked(version), detail, action: { label, run: onShowVersions } });
    } catch (error) {
      const found = error instanceof ApiError ? tell(error) : null;
      if (found) toast({ tone: "bad", title: t.publishBlocked, detail: found[0]?.message });
      else failed(strings.releases.notAsked, error);
    } finally {
      setPublishing(false);
    }
  };
  /** Never takes back what was published: it only says what was found. */
  const test = async () => {
    try {
      const found = await testTriggers(id);
      const answered = found.filter(({ outcome }) => outcome === "answered");
      const wrong = found.filter(({ outcome }) => outcome === "failed");
      if (wrong.length > 0) {
        const title = words.someFail(wrong.map(({ nodeName }) => nodeName).join(", "));
        // A dialog by itself would take the keys of somebody who writes on.
        toast({ tone: "bad", title, action: { label: words.show, run: () => showChecks(true) } });
      } else if (answered.length > 0) {
        const slowest = Math.max(...answered.map(({ milliseconds }) => milliseconds ?? 0));
        toast({ tone: "ok", title: words.allAnswer(answered.length, slowest) });
      }
    } catch {
      toast({ tone: "info", title: words.notTested });
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
  return { publish, ask, unpublish, publishing, checks, showChecks };
}
