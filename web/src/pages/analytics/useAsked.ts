import { useMemo } from "react";
import { useSearchParams } from "react-router";
import type { AnalyticsQuery } from "../../api/analytics";

export const RANGES = ["24h", "7d", "30d", "90d", "12m"] as const;
export const BINS = ["auto", "hour", "day", "week", "month"] as const;
export const CUSTOM = "custom";
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** What the address may say; what it says of anything else is kept. */
const NAMES = ["range", "from", "to", "zone", "bin", "workflow", "node", "version", "trigger"] as const;
export type Name = (typeof NAMES)[number];

const one = <T extends string>(values: readonly T[], value: string, otherwise: T): T =>
  values.find((known) => known === value) ?? otherwise;

/** The zone that this browser's clock is in. */
export function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}

/** What an address asks for, as the API takes it. A value that is none is left out, as if nobody had said it. */
export function askedIn(params: URLSearchParams, zone = ownZone()): AnalyticsQuery {
  const said = (name: Name) => params.get(name) ?? "";
  const from = DAY.test(said("from")) ? said("from") : "";
  const to = DAY.test(said("to")) ? said("to") : "";
  const workflow = ID.test(said("workflow")) ? said("workflow") : "";
  const version = /^[1-9]\d{0,8}$/.test(said("version")) ? Number(said("version")) : 0;
  return {
    ...(from || to
      ? { ...(from ? { from } : {}), ...(to ? { to } : {}) }
      : { range: one(RANGES, said("range"), "7d") }),
    zone: said("zone") || zone,
    bin: one(BINS, said("bin"), "auto"),
    ...(workflow ? { workflowId: workflow } : {}),
    ...(workflow && /^[\w-]{1,64}$/.test(said("node")) ? { nodeId: said("node") } : {}),
    ...(version ? { version } : {}),
    ...(/^[a-z]{1,20}$/.test(said("trigger")) ? { trigger: said("trigger") } : {}),
  };
}

/** What the address asks for, and how to change it: filters can be linked to, and go back with the browser. */
export function useAsked() {
  const [params, setParams] = useSearchParams();
  const text = params.toString();
  const query = useMemo(() => askedIn(new URLSearchParams(text)), [text]);
  const change = (values: Partial<Record<Name | "show" | "errors" | "sortW" | "sortN", string>>) =>
    setParams(
      (before) => {
        for (const [name, value] of Object.entries(values)) {
          if (value) before.set(name, value);
          else before.delete(name);
        }
        return before;
      },
      { replace: true },
    );
  return { params, query, change };
}
