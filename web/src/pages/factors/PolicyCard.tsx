import { useId } from "react";
import { useFactorPolicy, useSetFactorPolicy } from "../../api/factors";
import { strings } from "../../strings";
import { Failed, Skeleton } from "../../ui/States";
import { Switch } from "../../ui/Switch";
import { toast } from "../../ui/toasts";
import { wordsOf } from "./ProofForm";

const t = strings.factors;

/** Whether the workspace asks all of its members for a second factor. For owners and admins. */
export function PolicyCard() {
  const query = useFactorPolicy(true);
  const set = useSetFactorPolicy();
  const id = useId();
  if (query.isPending) return <Skeleton className="h-8" />;
  if (query.isError) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  const { requiresFactor, having, members } = query.data;
  return (
    <div className="flex items-center gap-4 rounded-lg border border-line px-3 py-3">
      <div className="min-w-0 flex-1">
        <label htmlFor={id} className="font-medium text-sm">
          {t.policy}
        </label>
        <p id={`${id}-note`} className="text-ink-2 text-xs">
          {t.policyText} {t.policyHaving(having, members)}
        </p>
      </div>
      <Switch
        id={id}
        aria-describedby={`${id}-note`}
        checked={requiresFactor}
        onChange={(wanted) =>
          set.mutate(wanted, {
            onError: (error) => toast({ tone: "bad", title: t.policyFailed, detail: wordsOf(error) }),
          })
        }
      />
    </div>
  );
}
