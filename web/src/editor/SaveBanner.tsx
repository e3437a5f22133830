import { CloudOff, Download, FilePlus2, RotateCw } from "lucide-react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { createWorkflow } from "../api/endpoints";
import { ApiError } from "../api/problem";
import { download, exported } from "../pages/workflows/files";
import { strings } from "../strings";
import { Button } from "../ui/Button";
import { cx } from "../ui/cx";
import { messageOf } from "../ui/message";
import { toast } from "../ui/toasts";
import { isRefusal, type Saver } from "./saver";
import { currentDocument, useEditor } from "./store";

const t = strings.safety;

/** Below the top bar while the draft cannot be saved: why, where it is meanwhile, and what to do. */
export function SaveBanner({ saver }: { saver: React.RefObject<Saver | null> }) {
  const error = useEditor((state) => state.saveError);
  const state = useEditor((editor) => editor.save);
  const kept = useEditor((editor) => editor.draftKept);
  if (error === null || state === "conflict") return null;
  const refused = isRefusal(error);
  const gone = error instanceof ApiError && error.status === 404;
  const { title, detail } = messageOf(error);
  return (
    <section
      role={refused || !kept ? "alert" : "status"}
      className={cx(
        "flex flex-wrap items-center gap-x-3 gap-y-2 border-line border-b px-3 py-2 text-sm sm:px-4",
        refused || !kept ? "bg-bad-soft" : "bg-warn-soft",
      )}
    >
      <CloudOff size={16} aria-hidden className={cx("shrink-0", refused || !kept ? "text-bad" : "text-warn")} />
      <div className="min-w-0 flex-1 basis-60 [overflow-wrap:anywhere]">
        <span className="font-medium">{title}. </span>
        <span className="text-ink-2">{gone ? t.gone : whereItIs(error, detail, kept)}</span>
      </div>
      <div className="flex flex-wrap gap-2">
        {gone ? (
          <SaveAsNew saver={saver} />
        ) : (
          <Button
            size="sm"
            icon={<RotateCw size={13} />}
            busy={state === "saving"}
            onClick={() => void saver.current?.flush()}
          >
            {strings.common.retry}
          </Button>
        )}
        {(refused || !kept) && (
          <Button size="sm" icon={<Download size={13} />} onClick={() => download(exported([currentDocument()]))}>
            {t.download}
          </Button>
        )}
      </div>
    </section>
  );
}

/** What went wrong where that helps, where the draft is, and what happens next. */
function whereItIs(error: unknown, detail: string, kept: boolean): string {
  const passing = !(error instanceof ApiError) || error.passing;
  const signedOut = error instanceof ApiError && error.kind === "signedOut";
  const next = signedOut ? t.signedOut : isRefusal(error) ? t.refused : t.passing;
  return [passing || signedOut ? "" : detail, kept ? t.kept : t.keptNowhere, kept ? next : ""]
    .filter(Boolean)
    .join(" ");
}

/** What is on screen becomes a workflow of its own, where the one that it was is gone. */
function SaveAsNew({ saver }: { saver: React.RefObject<Saver | null> }) {
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    try {
      const document = currentDocument();
      const made = await createWorkflow(document);
      saver.current?.adopt(document, made.revision);
      toast({ tone: "ok", title: t.savedAsNew });
      await navigate(`/workflows/${made.id}`);
    } catch (error) {
      const { title, detail } = messageOf(error);
      toast({ tone: "bad", title, detail });
      setBusy(false);
    }
  };
  return (
    <Button size="sm" variant="primary" icon={<FilePlus2 size={13} />} busy={busy} onClick={() => void save()}>
      {t.saveAsNew}
    </Button>
  );
}
