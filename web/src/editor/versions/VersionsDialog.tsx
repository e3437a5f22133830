import { History, X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { useState } from "react";
import { useLive } from "../../api/environments";
import { useReleases } from "../../api/releases";
import type { WorkflowVersion } from "../../api/types";
import { useVersions } from "../../api/versions";
import { strings } from "../../strings";
import { IconButton } from "../../ui/Button";
import { cx } from "../../ui/cx";
import { Empty, Failed, LoadingRows } from "../../ui/States";
import { ago, dateTime } from "../../ui/time";
import { useEditor } from "../store";
import { Compared } from "./Compared";
import { Places } from "./Places";
import { DRAFT, draftSide, keyOfPlace, keyOfVersion, sidesOf } from "./sides";
import { Waiting } from "./Waiting";

const t = strings.versions;

/** Every version of the open workflow: to look at, to compare, to restore into the draft, to make live again. */
export default function VersionsDialog({ onClose }: { onClose(): void }) {
  const id = useEditor((state) => state.workflowId);
  const live = useEditor((state) => state.publishedVersion);
  const query = useVersions(id);
  const versions = query.data ?? [];
  const places = useLive(id).data ?? [];
  const sides = sidesOf(versions, places);
  const [picked, setPicked] = useState<string | null>(null);
  const [base, setBase] = useState<string>();
  const pick = (key: string, other?: string) => {
    setPicked(key);
    setBase(other);
  };
  const waiting = new Set(
    useReleases(id).data?.flatMap(({ state, version }) => (state === "waiting" ? [version] : [])),
  );
  const [latest] = versions;
  const chosen = sides.find(({ key }) => key === (picked ?? keyOfVersion(latest?.number ?? DRAFT))) ?? draftSide;
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
                  <Entry
                    active={chosen.key === draftSide.key}
                    title={t.draft}
                    text={t.draftText}
                    onPick={() => pick(draftSide.key)}
                  />
                  {versions.map((version) => (
                    <Entry
                      key={version.number}
                      active={chosen.key === keyOfVersion(version.number)}
                      title={t.named(version.number, version.name)}
                      text={about(version)}
                      hint={dateTime(version.createdAt)}
                      note={version.note}
                      live={version.number === live}
                      waiting={waiting.has(version.number)}
                      onPick={() => pick(keyOfVersion(version.number))}
                    />
                  ))}
                </ul>
              </nav>
              <div className="flex min-h-0 min-w-0 flex-1 flex-col max-md:overflow-y-auto">
                <Waiting
                  onCompare={({ version, environment }) => {
                    const live_ = places.find(({ key }) => key === environment)?.version;
                    pick(keyOfVersion(version), live_ ? keyOfVersion(live_) : undefined);
                  }}
                />
                <Places
                  number={chosen.number === DRAFT ? null : chosen.number}
                  onCompare={(place) => pick(keyOfPlace(place))}
                />
                <Compared
                  key={`${chosen.key} ${base}`}
                  side={chosen}
                  base={base}
                  sides={sides}
                  versions={versions}
                  onClose={onClose}
                />
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
  waiting?: boolean;
  onPick(): void;
}

function Entry({ active, title, text, hint, note, live, waiting, onPick }: EntryProps) {
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
        <span className="flex items-start gap-2">
          <span className={cx("wrap-anywhere min-w-0 font-medium text-sm", active && "text-accent")}>{title}</span>
          {live && (
            <span className="rounded-full bg-ok-soft px-1.5 font-medium text-2xs text-ok leading-4.5">{t.live}</span>
          )}
          {waiting && (
            <span className="shrink-0 rounded-full bg-warn-soft px-1.5 font-medium text-2xs text-warn leading-4.5">
              {t.waits}
            </span>
          )}
        </span>
        <span className="block truncate text-ink-2 text-xs">{text}</span>
        {note && <span className="mt-0.5 line-clamp-2 block text-ink-2 text-xs italic">{note}</span>}
      </button>
    </li>
  );
}
