import { Pencil, RotateCcw, UploadCloud } from "lucide-react";
import { useState } from "react";
import { getWorkflow } from "../../api/endpoints";
import { PRODUCTION, useEnvironments, useLive } from "../../api/environments";
import type { WorkflowVersion } from "../../api/types";
import { usePublishVersion } from "../../api/versions";
import type { WorkflowDocument } from "../../graph/document";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { toast } from "../../ui/toasts";
import { edit, undo, useEditor } from "../store";
import { DescribeDialog } from "./DescribeDialog";
import { Promotion } from "./Promotion";

const t = strings.versions;

interface DeedsProps {
  number: number;
  /** Undefined for one that is older than those that are listed. */
  version: WorkflowVersion | undefined;
  document: WorkflowDocument | null;
  onClose(): void;
}

/** What can be done with a version. */
export function Deeds({ number, version, document, onClose }: DeedsProps) {
  const id = useEditor((state) => state.workflowId);
  const live = useEditor((state) => state.publishedVersion);
  const publish = usePublishVersion(id);
  const places = useLive(id).data ?? [];
  const needsApproval = useEnvironments().data?.find(({ key }) => key === PRODUCTION)?.needsApproval ?? false;
  const [production] = places;
  const [asking, setAsking] = useState(false);
  const [describing, setDescribing] = useState(false);
  const restore = () => {
    if (!document) return;
    // The name is the workflow's, whatever it was called then. It is one change: saved as the next revision, undone at once.
    edit((draft) => ({ ...document, name: draft.name }));
    toast({ tone: "ok", title: t.restored(number), detail: t.restoredText, action: { label: t.undo, run: undo } });
    onClose();
  };
  return (
    <>
      {version && (
        <Button size="sm" icon={<Pencil size={13} />} onClick={() => setDescribing(true)}>
          {t.describe}
        </Button>
      )}
      <Button size="sm" icon={<RotateCcw size={13} />} disabled={!document} onClick={restore}>
        {t.restore}
      </Button>
      {number !== live && places.length < 2 && (
        <Button size="sm" icon={<UploadCloud size={13} />} onClick={() => setAsking(true)}>
          {t.makeLive}
        </Button>
      )}
      {describing && version && <DescribeDialog version={version} onClose={() => setDescribing(false)} />}
      {asking && needsApproval && production && (
        <Promotion place={production} number={number} onClose={() => setAsking(false)} />
      )}
      {asking && !needsApproval && (
        <ConfirmDialog
          title={t.makeLiveTitle(number)}
          text={t.makeLiveText}
          action={t.makeLive}
          failed={t.makeLiveFailed}
          danger={false}
          slow={t.slow}
          onConfirm={async () => {
            await publish.mutateAsync(number);
            const { webhooks, publishedVersion } = await getWorkflow(id);
            useEditor.setState({ publishedVersion, webhooks });
            toast({ tone: "ok", title: t.madeLive(number) });
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
