import { type FormEvent, useState } from "react";
import { Link } from "react-router";
import { ApiError } from "../../api/problem";
import { type Spending, useSetBudget, useSpending } from "../../api/spending";
import { amountInWords } from "../../run/usage";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { cx } from "../../ui/cx";
import { Field, Input } from "../../ui/Form";
import { messageOf, sentences } from "../../ui/message";
import { Failed, LoadingRows } from "../../ui/States";
import { number } from "../../ui/time";
import { toast } from "../../ui/toasts";

const t = strings.spending;

/** What models cost this month, by workflow, and what the workspace may spend. */
export function BudgetCard({ mayChange }: { mayChange: boolean }) {
  const query = useSpending();
  if (query.isPending) return <LoadingRows rows={2} />;
  if (query.isError) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  const { spent, budget, month, renewsAt, workflows } = query.data;
  const spentMoney = budget.monthMoney !== null && Number(spent.money) >= Number(budget.monthMoney);
  const spentTokens = budget.monthTokens !== null && spent.tokens >= budget.monthTokens;
  return (
    <>
      <p className="text-ink-2 text-sm">{t.text}</p>
      <section aria-label={t.spent(monthName(month))} className="rounded-lg border border-line p-3">
        <h3 className="font-medium text-xs">{t.spent(monthName(month))}</h3>
        <div className="mt-2 grid gap-3 sm:grid-cols-2">
          <Meter
            spent={amountInWords(spent.money)}
            limit={budget.monthMoney === null ? null : amountInWords(budget.monthMoney)}
            unit={(amount) => `${amount} USD`}
            share={shareOf(Number(spent.money), budget.monthMoney)}
          />
          <Meter
            spent={number(spent.tokens)}
            limit={budget.monthTokens === null ? null : number(budget.monthTokens)}
            unit={t.tokens}
            share={shareOf(spent.tokens, budget.monthTokens)}
          />
        </div>
        {(spentMoney || spentTokens) && (
          <p role="status" className="mt-2 text-bad text-xs">
            {t.over}
          </p>
        )}
        <p className="mt-2 text-ink-3 text-xs">
          {spent.unpriced > 0 && `${t.unpriced(spent.unpriced)} `}
          {t.renews(renewsAt.slice(0, 10))}
        </p>
      </section>
      <BudgetForm key={JSON.stringify(budget)} budget={budget} mayChange={mayChange} />
      <section aria-label={t.byWorkflow}>
        <h3 className="mb-1 font-medium text-xs">{t.byWorkflow}</h3>
        {workflows.length === 0 ? <p className="text-ink-3 text-sm">{t.nothing}</p> : <Workflows rows={workflows} />}
      </section>
    </>
  );
}

function Workflows({ rows }: { rows: Spending["workflows"] }) {
  return (
    <ul className="divide-y divide-line rounded-lg border border-line">
      {rows.map((row) => (
        <li key={row.workflowId} className="flex items-center gap-3 px-3 py-2 text-sm">
          {row.workflowName === null ? (
            <span className="min-w-0 flex-1 truncate text-ink-3">{t.deleted}</span>
          ) : (
            <Link to={`/workflows/${row.workflowId}`} className="min-w-0 flex-1 truncate font-medium hover:underline">
              {row.workflowName}
            </Link>
          )}
          <span className="tabular hidden shrink-0 text-ink-3 text-xs sm:inline">
            {row.budget.monthTokens === null
              ? t.tokens(number(row.spent.tokens))
              : t.ofLimit(number(row.spent.tokens), t.tokens(number(row.budget.monthTokens)))}
          </span>
          <span className="tabular shrink-0 text-ink-2 text-xs">
            {row.budget.monthMoney === null
              ? `${amountInWords(row.spent.money)} USD`
              : t.ofLimit(amountInWords(row.spent.money), `${amountInWords(row.budget.monthMoney)} USD`)}
          </span>
        </li>
      ))}
    </ul>
  );
}

interface MeterProps {
  spent: string;
  limit: string | null;
  unit(amount: string): string;
  share: number | null;
}

/** What is spent, and how much that is of the budget, where there is one. */
function Meter({ spent, limit, unit, share }: MeterProps) {
  const full = Math.min(share ?? 0, 1);
  return (
    <div>
      <div className="tabular text-sm">{limit === null ? unit(spent) : t.ofLimit(spent, unit(limit))}</div>
      {share !== null && (
        <div aria-hidden className="mt-1 h-1.5 overflow-hidden rounded-full bg-surface-3">
          <div
            className={cx("h-full rounded-full", share >= 1 ? "bg-bad" : share >= 0.8 ? "bg-warn" : "bg-accent")}
            style={{ width: `${full * 100}%` }}
          />
        </div>
      )}
    </div>
  );
}

function BudgetForm({ budget, mayChange }: { budget: Spending["budget"]; mayChange: boolean }) {
  const known = { money: budget.monthMoney ?? "", tokens: budget.monthTokens?.toString() ?? "" };
  const [money, setMoney] = useState(known.money);
  const [tokens, setTokens] = useState(known.tokens);
  const [wrong, setWrong] = useState<{ money?: string; tokens?: string }>({});
  const save = useSetBudget();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setWrong({});
    try {
      await save.mutateAsync({ monthMoney: money || null, monthTokens: tokens ? Number(tokens) : null });
      toast({ tone: "ok", title: t.saved });
    } catch (error) {
      const { title, detail } = messageOf(error);
      const of = (field: string) => (error instanceof ApiError ? error.messageFor(field) : undefined);
      const [ofMoney, ofTokens] = [of("monthMoney"), of("monthTokens")];
      const other = ofTokens ? "" : sentences(title, detail);
      setWrong({ money: ofMoney ?? other, tokens: ofTokens ?? "" });
    }
  };
  const changed = money !== known.money || tokens !== known.tokens;
  return (
    <form onSubmit={(event) => void submit(event)} className="space-y-2">
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label={t.money} error={wrong.money}>
          {(ids) => (
            <Input
              {...ids}
              type="number"
              min={0}
              step="any"
              value={money}
              disabled={!mayChange}
              onChange={(event) => setMoney(event.target.value)}
            />
          )}
        </Field>
        <Field label={t.mostTokens} error={wrong.tokens}>
          {(ids) => (
            <Input
              {...ids}
              type="number"
              min={1}
              step={1}
              value={tokens}
              disabled={!mayChange}
              onChange={(event) => setTokens(event.target.value)}
            />
          )}
        </Field>
      </div>
      <div className="flex min-h-8 items-center gap-3">
        <p className="flex-1 text-ink-3 text-xs">{mayChange ? t.help : t.ownersOnly}</p>
        {changed && (
          <Button type="submit" variant="primary" busy={save.isPending}>
            {strings.common.save}
          </Button>
        )}
      </div>
    </form>
  );
}

function shareOf(spent: number, limit: string | number | null): number | null {
  return limit === null ? null : Number(limit) === 0 ? 1 : spent / Number(limit);
}

function monthName(month: string): string {
  return new Date(`${month}-15T00:00:00Z`).toLocaleDateString("en", {
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  });
}
