import { History, RotateCcw, UploadCloud, X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { useMemo, useState } from "react";
import { getWorkflow } from "../../api/endpoints";
import { useLive } from "../../api/environments";
import type { WorkflowVersion } from "../../api/types";
import { usePublishVersion, useVersion, useVersions } from "../../api/versions";
import { type DocumentDiff, diff } from "../../graph/diff";
import type { WorkflowDocument } from "../../graph/document";
import { strings } from "../../strings";
import { Button, IconButton } from "../../ui/Button";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { cx } from "../../ui/cx";
import { Select } from "../../ui/Select";
import { Empty, Failed, LoadingPage, LoadingRows } from "../../ui/States";
import { Tabs } from "../../ui/Tabs";
import { ago, dateTime } from "../../ui/time";
import { toast } from "../../ui/toasts";
import { edit, undo, useDocument, useEditor } from "../store";
import { DiffView } from "./DiffView";
import { Places } from "./Places";
import { VersionCanvas } from "./VersionCanvas";

const t = strings.versions;

/** The draft among versions. */
const DRAFT = 0;
const nameOf = (number: number) => (number === DRAFT ? t.draft : t.version(number));

/** Every version of the open workflow: to look at, to compare, to restore into the draft, to make live again. */
export default function VersionsDialog({ onClose }: { onClose(): void }) {
  const id = useEditor((state) => state.workflowId);
  const live = useEditor((state) => state.publishedVersion);
  const query = useVersions(id);
  const versions = query.data ?? [];
  const [latest] = versions;
  const [picked, setPicked] = useState<number | null>(null);
  const chosen = picked ?? latest?.number ?? DRAFT;
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-appear bg-overlay" />
        <Radix.Content
          aria-describedby={undefined}
          className="fixed inset-2 z-40 flex animate-pop flex-col overflow-hidden rounded-xl border border-line bg-surface shadow-lg sm:inset-6"
        >
          <header className="flex h-12 shrink-0 items-center gap-3 border-line border-b px-4">
            <Radix.Title className="flex-1 font-semibold text-lg">{t.title}</Radix.Title>
            <Radix.Close asChild>
              <IconButton label={strings.common.close}>
                <X size={16} />
              </IconButton>
            </Radix.Close>
          </header>
          {query.isPending && <LoadingRows rows={4} />}
          {query.isError && <Failed error={query.error} onRetry={() => void query.refetch()} />}
          {query.isSuccess && versions.length === 0 && (
            <Empty icon={<History size={20} />} title={t.none}>
              {t.noneText}
            </Empty>
          )}
          {versions.length > 0 && (
            <div className="flex min-h-0 flex-1 flex-col md:flex-row">
              <nav
                aria-label={t.list}
                className="max-h-40 shrink-0 overflow-y-auto border-line border-b bg-surface-2 p-2 md:max-h-none md:w-64 md:border-r md:border-b-0"
              >
                <ul className="space-y-0.5">
                  <Entry active={chosen === DRAFT} title={t.draft} text={t.draftText} onPick={() => setPicked(DRAFT)} />
                  {versions.map((version) => (
                    <Entry
                      key={version.number}
                      active={chosen === version.number}
                      title={t.version(version.number)}
                      text={about(version)}
                      hint={dateTime(version.createdAt)}
                      note={version.note}
                      live={version.number === live}
                      onPick={() => setPicked(version.number)}
                    />
                  ))}
                </ul>
              </nav>
              <div className="flex min-h-0 min-w-0 flex-1 flex-col">
                <Places number={chosen === DRAFT ? null : chosen} />
                <Shown key={chosen} number={chosen} versions={versions} onClose={onClose} />
              </div>
            </div>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

const about = ({ createdAt, author }: WorkflowVersion) =>
  [ago(createdAt), author && t.by(author)].filter(Boolean).join(" ");

interface EntryProps {
  active: boolean;
  title: string;
  text: string;
  hint?: string;
  note?: string;
  live?: boolean;
  onPick(): void;
}

function Entry({ active, title, text, hint, note, live, onPick }: EntryProps) {
  return (
    <li>
      <button
        type="button"
        aria-current={active ? "true" : undefined}
        onClick={onPick}
        title={hint}
        className={cx(
          "w-full rounded-md px-2.5 py-2 text-left transition-colors",
          active ? "bg-accent-soft" : "hover:bg-surface-3",
        )}
      >
        <span className="flex items-center gap-2">
          <span className={cx("font-medium text-sm", active && "text-accent")}>{title}</span>
          {live && (
            <span className="rounded-full bg-ok-soft px-1.5 font-medium text-2xs text-ok leading-4.5">{t.live}</span>
          )}
        </span>
        <span className="block truncate text-ink-2 text-xs">{text}</span>
        {note && <span className="mt-0.5 line-clamp-2 block text-ink-2 text-xs italic">{note}</span>}
      </button>
    </li>
  );
}

/** A state's document: the draft's from the editor, a version's from the server. */
function useDocumentOf(number: number): { document: WorkflowDocument | null; error: unknown; retry(): void } {
  const id = useEditor((state) => state.workflowId);
  const draft = useDocument();
  const version = useVersion(id, number === DRAFT ? null : number);
  return {
    document: number === DRAFT ? draft : (version.data?.document ?? null),
    error: version.error,
    retry: () => void version.refetch(),
  };
}

function Shown({ number, versions, onClose }: { number: number; versions: WorkflowVersion[]; onClose(): void }) {
  const [tab, setTab] = useState("changes");
  // A version is compared with the draft at first, the draft with the latest version.
  const [base, setBase] = useState(number === DRAFT ? (versions[0]?.number ?? DRAFT) : DRAFT);
  const catalogue = useEditor((state) => state.catalogue);
  const mine = useDocumentOf(number);
  const other = useDocumentOf(base);
  const [older, newer] = number === DRAFT || (base !== DRAFT && base < number) ? [base, number] : [number, base];
  const change = useMemo(() => {
    if (!mine.document || !other.document) return null;
    return older === number ? diff(mine.document, other.document) : diff(other.document, mine.document);
  }, [mine.document, other.document, older, number]);
  const failed = mine.error ?? other.error;
  const retry = () => {
    if (mine.error) mine.retry();
    if (other.error) other.retry();
  };
  const others = [DRAFT, ...versions.map((version) => version.number)].filter((one) => one !== number);
  return (
    <section className="flex min-h-0 min-w-0 flex-1 flex-col" aria-label={nameOf(number)}>
      <div className="flex flex-wrap items-center gap-2 border-line border-b px-3 py-2">
        <span className="text-ink-2 text-xs">{t.compareWith}</span>
        <div className="w-32">
          <Select
            compact
            label={t.compareWith}
            value={String(base)}
            onChange={(value) => setBase(Number(value))}
            options={others.map((one) => ({ value: String(one), label: nameOf(one) }))}
          />
        </div>
        {change && <Summary diff={change} />}
        <span className="flex-1" />
        {number !== DRAFT && <Deeds number={number} document={mine.document} onClose={onClose} />}
      </div>
      {failed ? (
        <Failed error={failed} onRetry={retry} />
      ) : !change || !mine.document ? (
        <LoadingPage />
      ) : (
        <Tabs
          value={tab}
          onChange={setTab}
          label={t.show}
          tabs={[
            {
              value: "changes",
              label: t.changes,
              content: (
                <section tabIndex={0} aria-label={t.changes} className="min-h-0 flex-1 overflow-y-auto bg-surface-2">
                  <DiffView diff={change} catalogue={catalogue} names={[nameOf(older), nameOf(newer)]} />
                </section>
              ),
            },
            {
              value: "canvas",
              label: t.canvas,
              content: (
                <div className="relative min-h-0 flex-1">
                  <VersionCanvas document={mine.document} diff={change} catalogue={catalogue} />
                </div>
              ),
            },
          ]}
        />
      )}
    </section>
  );
}

function Summary({ diff: { nodes } }: { diff: DocumentDiff }) {
  const count = (kind: string) => nodes.filter((node) => node.kind === kind).length;
  return <span className="text-ink-3 text-xs">{t.summary(count("added"), count("removed"), count("changed"))}</span>;
}

interface DeedsProps {
  number: number;
  document: WorkflowDocument | null;
  onClose(): void;
}

/** What can be done with a version. */
function Deeds({ number, document, onClose }: DeedsProps) {
  const id = useEditor((state) => state.workflowId);
  const live = useEditor((state) => state.publishedVersion);
  const publish = usePublishVersion(id);
  const places = useLive(id).data ?? [];
  const [asking, setAsking] = useState(false);
  const restore = () => {
    if (!document) return;
    // The name is the workflow's, whatever it was called then. It is one change: saved as the next revision, undone at once.
    edit((draft) => ({ ...document, name: draft.name }));
    toast({ tone: "ok", title: t.restored(number), detail: t.restoredText, action: { label: t.undo, run: undo } });
    onClose();
  };
  return (
    <>
      <Button size="sm" icon={<RotateCcw size={13} />} disabled={!document} onClick={restore}>
        {t.restore}
      </Button>
      {number !== live && places.length < 2 && (
        <Button size="sm" icon={<UploadCloud size={13} />} onClick={() => setAsking(true)}>
          {t.makeLive}
        </Button>
      )}
      {asking && (
        <ConfirmDialog
          title={t.makeLiveTitle(number)}
          text={t.makeLiveText}
          action={t.makeLive}
          failed={t.makeLiveFailed}
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
