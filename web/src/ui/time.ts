/** Times and amounts for people. */

const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });
const DATE_TIME = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium" });
const DAY = new Intl.DateTimeFormat("en", { dateStyle: "medium" });
const CLOCK = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
});
const NUMBER = new Intl.NumberFormat("en");

const STEPS: [limit: number, unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  [60, "second", 1],
  [3600, "minute", 60],
  [86_400, "hour", 3600],
  [2_592_000, "day", 86_400],
  [31_536_000, "month", 2_592_000],
  [Number.POSITIVE_INFINITY, "year", 31_536_000],
];

/** `3 min. ago`; `now` within ten seconds. */
export function ago(iso: string | null | undefined, now = Date.now()): string {
  if (!iso) return "";
  const seconds = (Date.parse(iso) - now) / 1000;
  if (Math.abs(seconds) < 10) return RELATIVE.format(0, "second");
  const [, unit, size] = STEPS.find(([limit]) => Math.abs(seconds) < limit) ?? ["", "year", 31_536_000];
  return RELATIVE.format(Math.round(seconds / size), unit as Intl.RelativeTimeFormatUnit);
}

export function dateTime(iso: string | null | undefined): string {
  return iso ? DATE_TIME.format(new Date(iso)) : "";
}

/** `Nov 30, 2026` */
export function day(iso: string | null | undefined): string {
  return iso ? DAY.format(new Date(iso)) : "";
}

/**
 * `Mon, Nov 30, 2026, 9:00 AM` on the clocks of a time zone, and how far these are from UTC (`GMT+1`); on the clocks here,
 * where it is none.
 */
export function timeIn(iso: string, timeZone: string): { text: string; offset: string } {
  const date = new Date(iso);
  const day = { weekday: "short", year: "numeric", month: "short", day: "numeric" } as const;
  try {
    const clock = { ...day, hour: "numeric", minute: "2-digit", timeZone } as const;
    const parts = new Intl.DateTimeFormat("en", { ...clock, timeZoneName: "shortOffset" }).formatToParts(date);
    const offset = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
    return { text: new Intl.DateTimeFormat("en", clock).format(date), offset };
  } catch {
    return { text: dateTime(iso), offset: "" };
  }
}

/** `14:03:07.120` */
export function clock(iso: string | null | undefined): string {
  return iso ? CLOCK.format(new Date(iso)) : "";
}

/** `38 ms`, `1.24 s`, `3 min 5 s`, `2 h 10 min`. */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || Number.isNaN(ms)) return "";
  if (ms < 1) return "< 1 ms";
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

export function number(value: number): string {
  return NUMBER.format(value);
}
