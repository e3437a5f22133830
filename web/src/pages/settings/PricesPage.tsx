import { ListFilter, Pencil, Plus, Trash2 } from "lucide-react";
import { useMemo, useState } from "react";
import { useMe } from "../../api/account";
import { type ModelPrice, type Provider, type Rates, useDeletePrice, usePrices } from "../../api/prices";
import { strings } from "../../strings";
import { Button, IconButton } from "../../ui/Button";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { Input } from "../../ui/Form";
import { Empty, Failed, LoadingRows } from "../../ui/States";
import { PageFrame } from "../PageFrame";
import { PriceDialog } from "./PriceDialog";

const t = strings.prices;
const COLUMNS = "sm:grid sm:grid-cols-[minmax(0,1fr)_5.5rem_5.5rem_5.5rem_4.5rem] sm:items-center sm:gap-3";

/** `/settings/prices`: what models cost, by the lists and by the workspace. */
export function PricesPage() {
  const query = usePrices();
  const me = useMe();
  const maySet = me.data?.role === "owner" || me.data?.role === "admin";
  const [search, setSearch] = useState("");
  const [edits, setEdits] = useState<ModelPrice | "new">();
  const [deletes, setDeletes] = useState<ModelPrice>();
  const remove = useDeletePrice();
  const wanted = search.trim().toLowerCase();
  const rows = useMemo(
    () => query.data?.items.filter((one) => one.model.toLowerCase().includes(wanted)) ?? [],
    [query.data, wanted],
  );
  return (
    <>
      <PageFrame
        title={t.title}
        back={{ to: "/settings", label: t.back }}
        intro={t.intro}
        aside={
          maySet && (
            <Button variant="primary" icon={<Plus size={14} />} onClick={() => setEdits("new")}>
              {t.add}
            </Button>
          )
        }
        tools={
          <>
            <Input
              type="search"
              aria-label={t.search}
              placeholder={t.search}
              value={search}
              maxLength={300}
              onChange={(event) => setSearch(event.target.value)}
              className="sm:max-w-80"
            />
            {me.isSuccess && !maySet && <span className="text-ink-3 text-xs">{t.only}</span>}
          </>
        }
      >
        {query.isPending && <LoadingRows />}
        {query.isError && <Failed error={query.error} onRetry={() => void query.refetch()} />}
        {query.isSuccess && rows.length === 0 && (
          <Empty icon={<ListFilter size={20} />} title={search.trim() ? t.noneFound : t.none}>
            {t.noneFoundText}
          </Empty>
        )}
        {rows.length > 0 && (
          <>
            <div
              aria-hidden
              className={`hidden border-line border-b bg-surface-2 px-4 py-2 text-ink-3 text-xs ${COLUMNS}`}
            >
              <span>{t.model}</span>
              <span className="text-right">{t.input}</span>
              <span className="text-right">{t.cached}</span>
              <span className="text-right">{t.output}</span>
            </div>
            <ul className="divide-y divide-line">
              {rows.map((one) => (
                <PriceRow
                  key={`${one.provider} ${one.model}`}
                  price={one}
                  onEdit={maySet ? () => setEdits(one) : undefined}
                  onDelete={maySet && one.own ? () => setDeletes(one) : undefined}
                />
              ))}
            </ul>
          </>
        )}
      </PageFrame>
      {query.data && <Sources sources={query.data.sources} />}
      {edits && <PriceDialog {...(edits === "new" ? {} : { price: edits })} onClose={() => setEdits(undefined)} />}
      {deletes && (
        <ConfirmDialog
          title={t.deleteTitle}
          text={deletes.listed ? t.deleteListed(deletes.model) : t.deleteUnlisted(deletes.model)}
          action={strings.common.delete}
          failed={t.notDeleted}
          onConfirm={() => remove.mutateAsync({ provider: deletes.provider as Provider, model: deletes.model })}
          onClose={() => setDeletes(undefined)}
        />
      )}
    </>
  );
}

interface PriceRowProps {
  price: ModelPrice;
  onEdit: (() => void) | undefined;
  onDelete: (() => void) | undefined;
}

function PriceRow({ price, onEdit, onDelete }: PriceRowProps) {
  const counts = price.own ?? price.listed;
  return (
    <li className={`relative px-4 py-2.5 ${COLUMNS}`}>
      <div className="min-w-0 pr-20 sm:pr-0">
        <div className="wrap-anywhere font-medium text-sm">
          {price.model}
          {price.own && (
            <span className="ml-2 rounded bg-accent-soft px-1.5 py-0.5 align-middle font-medium text-accent text-xs">
              {t.yours}
            </span>
          )}
        </div>
        <div className="text-ink-3 text-xs">
          {[t.providers[price.provider] ?? price.provider, ...(counts ? besides(counts) : [])].join(" · ")}
          {price.own && price.listed && ` · ${t.listed}: ${shortly(price.listed)}`}
        </div>
      </div>
      <Rate label={t.input} rate={counts?.input} />
      <Rate label={t.cached} rate={counts?.cached ?? counts?.input} />
      <Rate label={t.output} rate={counts?.output} />
      <div className="absolute top-2 right-3 flex justify-end gap-1 sm:static">
        {onEdit && (
          <IconButton label={t.change(price.model)} onClick={onEdit}>
            <Pencil size={14} aria-hidden />
          </IconButton>
        )}
        {onDelete && (
          <IconButton label={t.delete(price.model)} onClick={onDelete}>
            <Trash2 size={14} aria-hidden />
          </IconButton>
        )}
      </div>
    </li>
  );
}

/** A rate; on phones with its name before it. */
function Rate({ label, rate }: { label: string; rate: string | null | undefined }) {
  return (
    <span className="mt-1 mr-4 inline-block text-sm tabular-nums sm:mt-0 sm:mr-0 sm:block sm:text-right">
      <span className="mr-1 text-ink-3 text-xs sm:sr-only">{label}</span>
      {rate ? dollars(rate) : <span className="text-ink-3">{t.noRate}</span>}
    </span>
  );
}

/** Decimal text as an amount, with two decimal places at least: $2.50, $0.075. */
export function dollars(rate: string): string {
  const [whole = "0", decimals = ""] = rate.split(".");
  return `$${whole}.${decimals.padEnd(2, "0")}`;
}

/** What a price has besides its columns. */
function besides(rates: Rates): string[] {
  return [
    ...(rates.audio ? [t.withAudio(dollars(rates.audio))] : []),
    ...(rates.minute ? [t.perMinute(dollars(rates.minute))] : []),
  ];
}

function shortly(rates: Rates): string {
  const found = [rates.input, rates.cached ?? rates.input, rates.output].filter((rate) => rate != null);
  return [...found.map(dollars), ...besides(rates)].join(" / ");
}

function Sources({ sources }: { sources: { provider: string; source: string }[] }) {
  return (
    <section aria-label={t.sources} className="mx-auto w-full max-w-5xl px-4 pb-9 text-ink-3 text-xs sm:px-8">
      <h2 className="mb-1 font-medium">{t.sources}</h2>
      <ul className="space-y-0.5">
        {sources.map(({ provider, source }) => (
          <li key={provider} className="wrap-anywhere">
            {`${t.providers[provider] ?? provider}: ${source}`}
          </li>
        ))}
      </ul>
    </section>
  );
}
