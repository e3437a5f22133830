import { Bot, Trash2, UserRound } from "lucide-react";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { type TalkMessage, useDeleteTalks, useTalk, useTalkMessages } from "../../api/memory";
import { strings } from "../../strings";
import { Button, IconButton } from "../../ui/Button";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { cx } from "../../ui/cx";
import { Failed, LoadingRows } from "../../ui/States";
import { ago, dateTime } from "../../ui/time";
import { PageFrame } from "../PageFrame";
import { ownerOf } from "./MemoryPage";

const t = strings.memory;
/** Characters of a message that are shown before it is opened. */
const SHOWN = 2000;

/** `/data/memory/:id`: one talk. */
export function TalkPage() {
  const { id = "" } = useParams();
  const [talk, messages] = [useTalk(id), useTalkMessages(id)];
  const [asks, setAsks] = useState(false);
  const remove = useDeleteTalks();
  const navigate = useNavigate();
  const failed = [talk, messages].find((query) => query.isError);
  // Pages come newest first, each of them oldest first.
  const said = [...(messages.data?.pages ?? [])].reverse().flatMap((page) => page.items);
  return (
    <PageFrame
      title={talk.data?.session ?? t.title}
      back={{ to: "/data/memory", label: t.back }}
      aside={
        talk.data && (
          <IconButton label={t.deleteTalk} onClick={() => setAsks(true)}>
            <Trash2 size={16} />
          </IconButton>
        )
      }
      tools={
        talk.data && (
          <span className="text-ink-3 text-xs">
            {[
              ownerOf(talk.data),
              t.messages(talk.data.messages),
              t.used(ago(talk.data.updatedAt)),
              talk.data.expiresAt ? t.expires(ago(talk.data.expiresAt)) : t.never,
            ].join(" · ")}
          </span>
        )
      }
    >
      {failed ? (
        <Failed
          error={failed.error}
          onRetry={() => void Promise.all([talk.refetch(), messages.refetch()])}
          out={{ to: "/data/memory", label: t.back }}
        />
      ) : (
        (talk.isPending || messages.isPending) && <LoadingRows />
      )}
      {talk.data?.summary && (
        <section aria-label={t.summary} className="border-line border-b bg-surface-2 px-4 py-3">
          <h2 className="font-semibold text-ink-2 text-xs">{t.summary}</h2>
          <p className="wrap-anywhere mt-1 whitespace-pre-wrap text-sm">{talk.data.summary}</p>
        </section>
      )}
      {!failed && messages.hasNextPage && (
        <div className="flex justify-center border-line border-b p-3">
          <Button busy={messages.isFetchingNextPage} onClick={() => void messages.fetchNextPage()}>
            {t.earlier}
          </Button>
        </div>
      )}
      <ol className="divide-y divide-line">
        {(failed ? [] : said).map((message) => (
          <Said key={message.id} message={message} />
        ))}
      </ol>
      {asks && talk.data && (
        <ConfirmDialog
          title={t.deleteTitle(talk.data.session)}
          text={t.deleteText}
          action={strings.common.delete}
          failed={t.notDeleted}
          onConfirm={async () => {
            await remove.mutateAsync([id]);
            await navigate("/data/memory");
          }}
          onClose={() => setAsks(false)}
        />
      )}
    </PageFrame>
  );
}

function Said({ message }: { message: TalkMessage }) {
  const [open, setOpen] = useState(false);
  const { role, content, more } = message;
  const isLong = content.length > SHOWN;
  const kept = Object.keys(more);
  return (
    <li className="flex gap-3 px-4 py-3">
      <span
        aria-hidden
        className={cx(
          "flex size-7 shrink-0 items-center justify-center rounded-full",
          role === "user" ? "bg-surface-3 text-ink-2" : "bg-accent-soft text-accent",
        )}
      >
        {role === "user" ? <UserRound size={14} /> : <Bot size={14} />}
      </span>
      <div className="min-w-0 flex-1">
        <div className="flex items-baseline gap-2">
          <span className="font-medium text-xs">{t.roles[role]}</span>
          <span className="text-ink-3 text-xs" title={dateTime(message.at)}>
            {ago(message.at)}
          </span>
        </div>
        <p dir="auto" className={cx("wrap-anywhere whitespace-pre-wrap text-sm", !content && "text-ink-3")}>
          {content ? (isLong && !open ? `${content.slice(0, SHOWN)}…` : content) : t.noWords}
        </p>
        {isLong && (
          <Button size="sm" variant="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? t.showLess : t.showAll}
          </Button>
        )}
        {kept.length > 0 && (
          <details className="mt-1 text-xs">
            <summary className="cursor-pointer text-ink-3">{t.more(kept.join(", "))}</summary>
            <pre className="mt-1 max-h-80 overflow-auto rounded-md bg-surface-3 p-2 font-mono text-xs">
              {JSON.stringify(more, null, 2)}
            </pre>
          </details>
        )}
      </div>
    </li>
  );
}
