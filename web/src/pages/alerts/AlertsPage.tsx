import { BellRing, Plus } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useSearchParams } from "react-router";
import { useMe } from "../../api/account";
import { type Rule, useAlerts, useRules } from "../../api/alerts";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { Segmented } from "../../ui/Segmented";
import { Empty, Failed, LoadingRows } from "../../ui/States";
import { PageFrame } from "../PageFrame";
import { AlertRow } from "./AlertRow";
import { HealthList } from "./HealthList";
import { RuleDialog } from "./RuleDialog";
import { Rules } from "./Rules";
import { StatusDialog } from "./StatusDialog";

const t = strings.alerts;
const VIEWS = Object.entries(t.view).map(([value, label]) => ({ value, label }));

/** `/alerts`: what is open, what was, the rules, and how the workflows are. The view stands in the address. */
export function AlertsPage() {
  const [params, setParams] = useSearchParams();
  const view = params.get("view") ?? "open";
  const [edits, setEdits] = useState<Rule | "new">();
  const [shares, setShares] = useState(false);
  const may = useMe().data?.permissions ?? [];
  const add = may.includes("workflows.write") && (
    <Button variant="primary" icon={<Plus size={14} />} onClick={() => setEdits("new")}>
      {t.addRule}
    </Button>
  );
  return (
    <>
      <PageFrame
        title={t.title}
        intro={t.intro}
        aside={add}
        tools={
          <>
            <Segmented
              label={t.views}
              value={view}
              onChange={(next) => setParams(next === "open" ? {} : { view: next })}
              options={VIEWS}
            />
            {view === "status" && may.includes("tenant.write") && (
              <Button size="sm" onClick={() => setShares(true)}>
                {t.sharePage}
              </Button>
            )}
          </>
        }
      >
        {view === "rules" ? (
          <Rules add={add} mayChange={may.includes("workflows.write")} onChange={setEdits} />
        ) : view === "status" ? (
          <HealthList />
        ) : (
          <List state={view === "resolved" ? "resolved" : "open"} mayAct={may.includes("executions.run")} add={add} />
        )}
      </PageFrame>
      {edits && <RuleDialog {...(edits === "new" ? {} : { rule: edits })} onClose={() => setEdits(undefined)} />}
      {shares && <StatusDialog onClose={() => setShares(false)} />}
    </>
  );
}

function List({ state, mayAct, add }: { state: "open" | "resolved"; mayAct: boolean; add: ReactNode }) {
  const unwatched = useRules().data?.items.length === 0;
  const found = useAlerts(state);
  const rows = found.data?.pages.flatMap((page) => page.items) ?? [];
  if (found.isPending) return <LoadingRows rows={3} />;
  if (found.isError) return <Failed error={found.error} onRetry={() => void found.refetch()} />;
  if (rows.length === 0 && unwatched && state === "open") {
    return (
      <Empty icon={<BellRing size={20} aria-hidden />} title={t.noRules} actions={add}>
        {t.noRulesText}
      </Empty>
    );
  }
  if (rows.length === 0) {
    return (
      <Empty icon={<BellRing size={20} aria-hidden />} title={state === "open" ? t.noOpen : t.noResolved}>
        {state === "open" ? t.noOpenText : t.noResolvedText}
      </Empty>
    );
  }
  return (
    <>
      <ul className="divide-y divide-line">
        {rows.map((alert) => (
          <AlertRow key={alert.id} alert={alert} mayAct={mayAct} />
        ))}
      </ul>
      {found.hasNextPage && (
        <div className="border-line border-t p-3 text-center">
          <Button busy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {t.more}
          </Button>
        </div>
      )}
    </>
  );
}
