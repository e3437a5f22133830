import { History, MoreHorizontal, Pencil, Trash2, TriangleAlert } from "lucide-react";
import { type ReactNode, useState } from "react";
import { type Rule, useDeleteRule, useDeliveries, useRules, useTestRule } from "../../api/alerts";
import { strings } from "../../strings";
import { Button, IconButton } from "../../ui/Button";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { Dialog } from "../../ui/Dialog";
import { Menu, MenuItem } from "../../ui/Menu";
import { messageOf } from "../../ui/message";
import { Empty, Failed, LoadingRows } from "../../ui/States";
import { ago, dateTime } from "../../ui/time";
import { toast } from "../../ui/toasts";
import { toldOf } from "./ruleForm";

const t = strings.alerts;

interface RulesProps {
  add: ReactNode;
  mayChange: boolean;
  onChange(rule: Rule): void;
}

/** The rules: what each watches, whom it tells, and whom it does not reach. */
export function Rules({ add, mayChange, onChange }: RulesProps) {
  const found = useRules();
  const remove = useDeleteRule();
  const [deletes, setDeletes] = useState<Rule>();
  const [shows, setShows] = useState<Rule>();
  if (found.isPending) return <LoadingRows rows={3} />;
  if (found.isError) return <Failed error={found.error} onRetry={() => void found.refetch()} />;
  if (found.data.items.length === 0) {
    return (
      <Empty title={t.noRules} actions={add}>
        {t.noRulesText}
      </Empty>
    );
  }
  return (
    <>
      <ul className="divide-y divide-line">
        {found.data.items.map((rule) => (
          <RuleRow
            key={rule.id}
            rule={rule}
            mayChange={mayChange}
            onChange={() => onChange(rule)}
            onDelete={() => setDeletes(rule)}
            onShow={() => setShows(rule)}
          />
        ))}
      </ul>
      {deletes && (
        <ConfirmDialog
          title={t.deleteTitle(deletes.name)}
          text={t.deleteText}
          action={strings.common.delete}
          failed={t.notDeleted}
          onConfirm={() => remove.mutateAsync(deletes.id)}
          onClose={() => setDeletes(undefined)}
        />
      )}
      {shows && <Said rule={shows} onClose={() => setShows(undefined)} />}
    </>
  );
}

interface RuleRowProps {
  rule: Rule;
  mayChange: boolean;
  onChange(): void;
  onDelete(): void;
  onShow(): void;
}

function RuleRow({ rule, mayChange, onChange, onDelete, onShow }: RuleRowProps) {
  const test = useTestRule();
  const tryOut = async () => {
    try {
      for (const one of await test.mutateAsync(rule.id)) {
        if (one.state === "sent") toast({ tone: "ok", title: t.tested, detail: t.testedText(one.target) });
        else toast({ tone: "bad", title: t.notTested, detail: one.error ?? "" });
      }
    } catch (error) {
      toast({ tone: "bad", title: t.notTested, detail: messageOf(error).detail });
    }
  };
  const told = rule.targets.map(({ kind, label }) => {
    const called = t.targetKinds[kind] ?? kind;
    return label === called ? called : `${called}: ${label}`;
  });
  return (
    <li className="flex items-start gap-3 px-4 py-3">
      <div className="min-w-0 flex-1">
        <div className="wrap-anywhere font-medium text-sm">{rule.name}</div>
        <p className="wrap-anywhere text-ink-3 text-xs">
          {[
            toldOf(rule.condition),
            rule.place || t.everywhere,
            told.join(", ") || t.tellsNobody,
            !rule.enabled && t.off,
            rule.open > 0 && t.openAlerts(rule.open),
          ]
            .filter(Boolean)
            .join(" · ")}
        </p>
        {rule.targets
          .filter(({ error }) => error)
          .map((target) => (
            <p key={target.id} className="wrap-anywhere mt-1 flex gap-1.5 text-bad text-xs">
              <TriangleAlert size={14} className="mt-px shrink-0" aria-hidden />
              <span>
                {t.notReached(target.label, target.error ?? "")} {target.waiting > 0 && t.waiting(target.waiting)}
              </span>
            </p>
          ))}
      </div>
      {mayChange && rule.targets.length > 0 && (
        <Button size="sm" busy={test.isPending} onClick={() => void tryOut()}>
          {t.test}
        </Button>
      )}
      <Menu
        trigger={
          <IconButton label={t.actions(rule.name)}>
            <MoreHorizontal size={16} aria-hidden />
          </IconButton>
        }
      >
        <MenuItem icon={<History size={14} />} onSelect={onShow}>
          {t.said}
        </MenuItem>
        {mayChange && (
          <>
            <MenuItem icon={<Pencil size={14} />} onSelect={onChange}>
              {t.change}
            </MenuItem>
            <MenuItem icon={<Trash2 size={14} />} danger onSelect={onDelete}>
              {t.delete}
            </MenuItem>
          </>
        )}
      </Menu>
    </li>
  );
}

function Said({ rule, onClose }: { rule: Rule; onClose(): void }) {
  const found = useDeliveries(rule.id);
  return (
    <Dialog open wide onOpenChange={(open) => !open && onClose()} title={t.saidTitle(rule.name)}>
      {found.isPending && <LoadingRows rows={3} />}
      {found.isError && <Failed error={found.error} onRetry={() => void found.refetch()} />}
      {found.data?.length === 0 && <p className="text-ink-2 text-sm">{t.saidNothing}</p>}
      <ul className="divide-y divide-line">
        {found.data?.map((one) => (
          <li key={one.id} className="py-2">
            <div className="wrap-anywhere text-sm">{one.subject}</div>
            <p className="wrap-anywhere text-ink-3 text-xs">
              {[
                one.target,
                t.saidState[one.state],
                dateTime(one.endedAt ?? one.createdAt),
                one.nextAt && one.tries > 0 && t.nextTry(ago(one.nextAt)),
              ]
                .filter(Boolean)
                .join(" · ")}
            </p>
            {one.error && <p className="wrap-anywhere text-bad text-xs">{one.error}</p>}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
