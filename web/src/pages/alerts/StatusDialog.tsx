import { useState } from "react";
import {
  useSaveStatusPage,
  useShareStatusPage,
  useStatus,
  useStatusPage,
  useUnshareStatusPage,
} from "../../api/alerts";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { Checkbox } from "../../ui/Checkbox";
import { CopyButton } from "../../ui/CopyButton";
import { Dialog } from "../../ui/Dialog";
import { Field, Input } from "../../ui/Form";
import { messageOf } from "../../ui/message";
import { Failed, LoadingRows } from "../../ui/States";
import { toast } from "../../ui/toasts";

const t = strings.alerts;

/** What the status page shows to whoever has its link, and the link. */
export function StatusDialog({ onClose }: { onClose(): void }) {
  const page = useStatusPage();
  const workflows = useStatus().data?.items ?? [];
  const [changed, setChanged] = useState<{ title: string; labels: Record<string, string> }>();
  const [url, setUrl] = useState("");
  const save = useSaveStatusPage();
  const share = useShareStatusPage();
  const unshare = useUnshareStatusPage();
  const draft = changed ?? {
    title: page.data?.title ?? "",
    labels: Object.fromEntries(page.data?.items.map(({ workflowId, label }) => [workflowId, label]) ?? []),
  };
  const label = (id: string, text: string | undefined) => {
    const { [id]: _, ...rest } = draft.labels;
    setChanged({ ...draft, labels: text === undefined ? rest : { ...draft.labels, [id]: text } });
  };
  const act = async (work: () => Promise<unknown>) => {
    try {
      await work();
    } catch (error) {
      const { title, detail } = messageOf(error);
      toast({ tone: "bad", title: t.failed, detail: detail || title });
    }
  };
  const store = () =>
    save.mutateAsync({
      title: draft.title,
      items: Object.entries(draft.labels).map(([workflowId, text]) => ({ workflowId, label: text })),
    });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t.shareTitle}
      description={t.shareText}
      footer={
        <Button
          variant="primary"
          busy={save.isPending}
          disabled={!page.isSuccess}
          onClick={() =>
            void act(async () => {
              await store();
              toast({ tone: "ok", title: t.pageSaved });
            })
          }
        >
          {t.savePage}
        </Button>
      }
    >
      {page.isPending && <LoadingRows rows={3} />}
      {page.isError && <Failed error={page.error} onRetry={() => void page.refetch()} />}
      {page.data && (
        <div className="space-y-4">
          <Field label={t.pageTitle}>
            {(ids) => (
              <Input
                {...ids}
                value={draft.title}
                maxLength={100}
                onChange={(event) => setChanged({ ...draft, title: event.target.value })}
              />
            )}
          </Field>
          <ul className="max-h-60 space-y-2 overflow-y-auto">
            {workflows.map(({ workflowId, name }) => (
              <li key={workflowId} className="flex items-center gap-2">
                <Checkbox
                  label={`${t.pick}: ${name}`}
                  checked={workflowId in draft.labels}
                  onChange={(on) => label(workflowId, on ? name : undefined)}
                />
                {workflowId in draft.labels ? (
                  <Input
                    aria-label={`${t.shownAs}: ${name}`}
                    value={draft.labels[workflowId] ?? ""}
                    maxLength={100}
                    onChange={(event) => label(workflowId, event.target.value)}
                  />
                ) : (
                  <span className="truncate text-ink-2 text-sm">{name}</span>
                )}
              </li>
            ))}
          </ul>
          <div className="space-y-2 border-line border-t pt-3">
            {page.data.shared && !url && <p className="text-ink-2 text-xs">{t.isShared}</p>}
            {url && (
              <Field label={t.link} aside={<CopyButton text={url} label={t.copyLink} />}>
                {(ids) => <Input {...ids} readOnly value={url} className="font-mono" />}
              </Field>
            )}
            <div className="flex flex-wrap gap-2">
              <Button
                busy={share.isPending}
                onClick={() => void act(async () => setUrl((await share.mutateAsync(undefined)).url))}
              >
                {page.data.shared ? t.newLink : t.makeLink}
              </Button>
              {page.data.shared && (
                <Button
                  busy={unshare.isPending}
                  onClick={() =>
                    void act(async () => {
                      await unshare.mutateAsync(undefined);
                      setUrl("");
                      toast({ tone: "ok", title: t.linkGone });
                    })
                  }
                >
                  {t.takeBack}
                </Button>
              )}
            </div>
          </div>
        </div>
      )}
    </Dialog>
  );
}
