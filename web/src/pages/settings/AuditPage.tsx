import { Download, ListFilter, ScrollText, ShieldCheck } from "lucide-react";
import { useMemo, useState } from "react";
import { type AuditFilter, exportAudit, useAudit, useVerifyAudit } from "../../api/audit";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { Menu, MenuItem } from "../../ui/Menu";
import { messageOf } from "../../ui/message";
import { SearchInput } from "../../ui/SearchInput";
import { Select } from "../../ui/Select";
import { Empty, Failed, LoadingRows } from "../../ui/States";
import { toast } from "../../ui/toasts";
import { useSettled } from "../../ui/useSettled";
import { SPANS, type Span } from "../executions/useFilter";
import { PageFrame } from "../PageFrame";
import { useChosen } from "../useChosen";
import { download } from "../workflows/files";
import { AuditRow } from "./AuditRow";

const t = strings.audit;

/** `/settings/audit`: who did what. Filters stand in the address, so they can be linked to. */
export function AuditPage() {
  const { chosen, choose } = useChosen();
  const filter = useFilter(chosen("search"), chosen("area"), chosen("time"));
  const query = useAudit(filter);
  const entries = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const narrowed = Boolean(filter.search || filter.action || filter.since);
  return (
    <PageFrame
      title={t.title}
      back={{ to: "/settings", label: t.back }}
      intro={t.intro}
      tools={
        <>
          <SearchInput label={t.search} value={chosen("search")} onChange={choose("search")} className="sm:max-w-80" />
          <Select
            label={t.area}
            value={chosen("area")}
            onChange={choose("area")}
            options={[
              { value: "", label: t.anyArea },
              ...Object.entries(t.areas).map(([value, label]) => ({ value, label })),
            ]}
            className="max-sm:w-[calc(50%-4px)] sm:max-w-40"
          />
          <Select
            label={t.time}
            value={chosen("time")}
            onChange={choose("time")}
            options={[
              { value: "", label: t.anyTime },
              ...Object.keys(SPANS).map((value) => ({ value, label: t.spans[value as Span] })),
            ]}
            className="max-sm:w-[calc(50%-4px)] sm:max-w-36"
          />
          <div className="sm:ml-auto">
            <Actions filter={filter} />
          </div>
        </>
      }
    >
      {query.isPending && <LoadingRows />}
      {query.isError && <Failed error={query.error} onRetry={() => void query.refetch()} />}
      {query.isSuccess && entries.length === 0 && <NoEntries narrowed={narrowed} />}
      {entries.length > 0 && (
        <ul className="divide-y divide-line">
          {entries.map((entry) => (
            <AuditRow key={entry.id} entry={entry} />
          ))}
        </ul>
      )}
      {query.hasNextPage && (
        <div className="flex justify-center border-line border-t p-3">
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {strings.common.loadMore}
          </Button>
        </div>
      )}
    </PageFrame>
  );
}

/** What is asked for; the same object, from the same moment, while the choice stays. */
function useFilter(text: string, area: string, time: string): AuditFilter {
  const search = useSettled(text.trim());
  return useMemo(() => {
    const hours = SPANS[time as Span];
    const since = hours ? new Date(Date.now() - hours * 3_600_000).toISOString() : "";
    return { search, action: area, since };
  }, [search, area, time]);
}

function Actions({ filter }: { filter: AuditFilter }) {
  const verify = useVerifyAudit();
  const [busy, setBusy] = useState(false);
  const check = async () => {
    try {
      const found = await verify.mutateAsync();
      if (found.ok) toast({ tone: "ok", title: t.verified(found.entries), detail: t.verifiedText(found.head) });
      else {
        const told = found.faults.slice(0, 3).map((one) => `${t.entry(one.seq)} ${t.problems[one.problem]}.`);
        toast({ tone: "bad", title: t.broken(found.faults.length), detail: told.join(" ") });
      }
    } catch (error) {
      toast({ tone: "bad", title: t.notVerified, detail: messageOf(error).title });
    }
  };
  const save = async (format: "jsonl" | "csv") => {
    setBusy(true);
    try {
      const kind = format === "csv" ? "text/csv" : "application/x-ndjson";
      download({ name: `audit.${format}`, text: await exportAudit(filter, format), type: kind });
    } catch (error) {
      toast({ tone: "bad", title: t.notExported, detail: messageOf(error).title });
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="flex flex-wrap gap-2">
      <Button icon={<ShieldCheck size={14} />} busy={verify.isPending} onClick={() => void check()}>
        {t.verify}
      </Button>
      <Menu
        trigger={
          <Button icon={<Download size={14} />} busy={busy}>
            {t.export}
          </Button>
        }
      >
        <MenuItem onSelect={() => void save("jsonl")}>{t.exportLines}</MenuItem>
        <MenuItem onSelect={() => void save("csv")}>{t.exportTable}</MenuItem>
      </Menu>
    </div>
  );
}

function NoEntries({ narrowed }: { narrowed: boolean }) {
  return narrowed ? (
    <Empty icon={<ListFilter size={20} />} title={t.noneFound}>
      {t.noneFoundText}
    </Empty>
  ) : (
    <Empty icon={<ScrollText size={20} />} title={t.emptyTitle}>
      {t.emptyText}
    </Empty>
  );
}
