import { type Held, usePlanUsage } from "../../api/plan";
import { bytes } from "../../run/usage";
import { strings } from "../../strings";
import { cx } from "../../ui/cx";
import { Failed, LoadingRows } from "../../ui/States";
import { number } from "../../ui/time";
import { PageFrame } from "../PageFrame";

const t = strings.plan;
const SIZES = new Set(["bytes", "stored"]);
/** Kinds that are full for a moment only: what starts then waits. */
const PASSING = new Set(["concurrent", "starts"]);

/** `/settings/usage`: what the workspace holds and runs, of what its plan allows. */
export function UsagePage() {
  const query = usePlanUsage();
  return (
    <PageFrame
      title={t.title}
      back={{ to: "/settings", label: t.back }}
      intro={query.data ? t.intro(query.data.plan) : t.card}
    >
      {query.isPending && <LoadingRows />}
      {query.isError && <Failed error={query.error} onRetry={() => void query.refetch()} />}
      {query.isSuccess && (
        <ul className="divide-y divide-line">
          {query.data.items.map((one) => (
            <Row key={one.kind} {...one} />
          ))}
        </ul>
      )}
    </PageFrame>
  );
}

function Row({ kind, held, most }: Held) {
  const shown = (amount: number) => (SIZES.has(kind) ? bytes(amount) : number(amount));
  const passes = PASSING.has(kind);
  const share = most === null ? null : most === 0 ? 1 : held / most;
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1.5 px-4 py-3 sm:grid-cols-[12rem_minmax(0,1fr)_11rem]">
      <span className="font-medium text-sm">{t.kinds[kind] ?? kind}</span>
      <div className={cx("max-sm:order-last max-sm:col-span-2", share === null && "max-sm:hidden")}>
        {share !== null && (
          <div aria-hidden className="h-1.5 overflow-hidden rounded-full bg-surface-3">
            <div
              className={cx(
                "h-full rounded-full",
                share >= 1 && !passes ? "bg-bad" : share >= 0.8 ? "bg-warn" : "bg-accent",
              )}
              style={{ width: `${Math.min(share, 1) * 100}%` }}
            />
          </div>
        )}
        {share !== null && share >= 1 && (
          <p className={cx("mt-1 text-xs", passes ? "text-ink-2" : "text-bad")}>{passes ? t.waits : t.full}</p>
        )}
      </div>
      <span className="tabular text-right text-ink-2 text-sm">
        {most === null ? t.noLimit(shown(held)) : t.ofLimit(shown(held), shown(most))}
      </span>
    </li>
  );
}
