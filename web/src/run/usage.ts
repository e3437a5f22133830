/** What nodes used: added up from events, as the recorder does it, and put in words. */

import type { CostSummary, ExecutionEvent, Tokens, Usage } from "../api/types";
import { strings } from "../strings";
import { number } from "../ui/time";

const t = strings.usage;

const PLACES = 18;
/** Amounts that cannot be read as such would be a mistake of ours; they count for nothing. */
const AMOUNT = /^\d{1,60}(?:\.\d{1,18})?$/;

function scaled(text: string): bigint {
  if (!AMOUNT.test(text)) return 0n;
  const [whole = "0", parts = ""] = text.split(".");
  return BigInt(whole + parts.padEnd(PLACES, "0"));
}

/** The exact sum of two amounts in decimal text. */
export function sumOf(one: string, other: string): string {
  const digits = (scaled(one) + scaled(other)).toString().padStart(PLACES + 1, "0");
  const parts = digits.slice(-PLACES).replace(/0+$/, "");
  return digits.slice(0, -PLACES) + (parts && `.${parts}`);
}

function merged<T>(one: Record<string, T>, other: Record<string, T>, add: (a: T, b: T) => T): Record<string, T> {
  const sum = new Map(Object.entries(one));
  for (const [name, value] of Object.entries(other)) {
    const known = sum.get(name);
    sum.set(name, known === undefined ? value : add(known, value));
  }
  return Object.fromEntries(sum);
}

const tokensOf = (one: Tokens, other: Tokens): Tokens => ({
  input: one.input + other.input,
  output: one.output + other.output,
  cached: one.cached + other.cached,
});

/** The sum of two usages, of which parts may be missing. */
export function added(one: Usage | undefined, other: Usage): Usage {
  return {
    requests: (one?.requests ?? 0) + (other.requests ?? 0),
    bytesSent: (one?.bytesSent ?? 0) + (other.bytesSent ?? 0),
    bytesReceived: (one?.bytesReceived ?? 0) + (other.bytesReceived ?? 0),
    tokens: merged(one?.tokens ?? {}, other.tokens ?? {}, tokensOf),
    money: merged(one?.money ?? {}, other.money ?? {}, sumOf),
    counted: merged(one?.counted ?? {}, other.counted ?? {}, sumOf),
  };
}

/** What each node used after an event; the same object where the event tells nothing of it. */
export function withUsage(known: Record<string, Usage>, event: ExecutionEvent): Record<string, Usage> {
  if (!event.usage || !event.nodeId) return known;
  return { ...known, [event.nodeId]: added(known[event.nodeId], event.usage) };
}

/** What all nodes used; null for nothing. */
export function total(nodes: Record<string, Usage>): Usage | null {
  const all = Object.values(nodes);
  return all.length ? all.reduce<Usage>((sum, one) => added(sum, one), {}) : null;
}

/** A usage in words, the dearest first: money, tokens, units of the node's own, requests and bytes. */
export function inWords(usage: Usage): string[] {
  return [
    ...Object.entries(usage.money ?? {}).map(([currency, amount]) => `${amount} ${currency}`),
    ...Object.entries(usage.tokens ?? {}).map(([model, tokens]) => t.tokens(model, tokens)),
    ...Object.entries(usage.counted ?? {}).map(([unit, amount]) => `${amount} ${unit}`),
    ...(usage.requests ? [t.requests(usage.requests, number(usage.requests))] : []),
    ...(usage.bytesSent ? [t.sent(bytes(usage.bytesSent))] : []),
    ...(usage.bytesReceived ? [t.received(bytes(usage.bytesReceived))] : []),
  ];
}

/** A decimal amount for people: two digits behind the point, or as many as show the first two that count. */
export function amountInWords(amount: string): string {
  const value = Number(amount);
  if (!Number.isFinite(value) || value === 0) return "0";
  if (value < 0.000001) return "< 0.000001";
  const digits = value >= 1 ? 2 : Math.min(Math.max(1 - Math.floor(Math.log10(value)), 2), 7);
  return value.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: digits });
}

/** What something cost, in few words: its money, else its tokens. */
export function costInWords(cost: CostSummary): string {
  const money = Object.entries(cost.money).map(([currency, amount]) => `${amountInWords(amount)} ${currency}`);
  return money.length ? money.join(" + ") : strings.spending.tokens(number(cost.tokens));
}

/** All that something cost: money, and tokens. */
export function allOf(cost: CostSummary): string {
  const money = Object.entries(cost.money).map(([currency, amount]) => `${amount} ${currency}`);
  return [...money, strings.spending.tokens(number(cost.tokens))].join(" · ");
}

/** `812 bytes`, `1.2 KB`, `50 MB`. */
export function bytes(count: number): string {
  if (count < 1024) return t.bytes(count);
  const units = ["KB", "MB", "GB", "TB"];
  let value = count / 1024;
  let unit = 0;
  while (value >= 1023.5 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}
