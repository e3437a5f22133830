/** Rates, as schedules have them; what a cron line means is asked of the API, so that there is one answer. */

const RATE = /^rate\(\s*(\d+)\s+(minute|hour|day)s?\s*\)$/;

/** `15 minutes` of `rate(15 minutes)`; null for anything else. */
export function rateOf(expression: string): string | null {
  const match = RATE.exec(expression.trim());
  return match ? `${match[1]} ${match[2]}${match[1] === "1" ? "" : "s"}` : null;
}
