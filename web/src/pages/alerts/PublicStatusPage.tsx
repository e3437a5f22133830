import { useParams } from "react-router";
import { useSharedStatus } from "../../api/alerts";
import { ApiError } from "../../api/problem";
import { strings } from "../../strings";
import { Empty, Failed, LoadingRows } from "../../ui/States";
import { ago, dateTime } from "../../ui/time";
import { HealthMark } from "./HealthMark";

const t = strings.alerts;

/** `/status/:token`: a workspace's status page, for whoever has its link. Nobody needs to be logged in. */
export function PublicStatusPage() {
  const found = useSharedStatus(useParams().token ?? "");
  const isGone = found.error instanceof ApiError && (found.error.status === 404 || found.error.status === 422);
  const trouble = found.data?.items.some(({ state }) => state === "trouble");
  return (
    <main className="mx-auto min-h-full w-full max-w-2xl px-4 py-10">
      {found.isPending && <LoadingRows rows={4} />}
      {found.isError &&
        (isGone ? <Empty title={t.publicGone} /> : <Failed error={found.error} onRetry={() => void found.refetch()} />)}
      {found.data && (
        <>
          <h1 className="wrap-anywhere font-semibold text-2xl tracking-tight">{found.data.title}</h1>
          <p className="mt-1 text-ink-2 text-sm">
            {found.data.items.length === 0 ? t.publicNone : trouble ? t.publicTrouble : t.publicWell}
            {" · "}
            {t.publicAt(dateTime(found.data.at))}
          </p>
          {found.data.items.length > 0 && (
            <ul className="mt-6 divide-y divide-line overflow-hidden rounded-xl border border-line bg-surface shadow-xs">
              {found.data.items.map((one) => (
                <li key={one.label} className="flex items-center gap-3 px-4 py-3">
                  <div className="min-w-0 flex-1">
                    <div className="wrap-anywhere font-medium text-sm">{one.label}</div>
                    <p className="text-ink-3 text-xs">
                      {one.lastSuccessAt ? t.lastSuccess(ago(one.lastSuccessAt)) : t.neverSucceeded}
                    </p>
                  </div>
                  <HealthMark state={one.state} />
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </main>
  );
}
