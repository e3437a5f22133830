import cronstrue from "cronstrue";
import { rateOf } from "../fields/cron";
import { strings } from "../strings";

/** When a schedule fires, in words; the line itself where there are none for it. */
export function cronWords(expression: string): string {
  const rate = rateOf(expression);
  if (rate) return strings.fields.rate(rate);
  try {
    return cronstrue.toString(expression, { use24HourTimeFormat: true });
  } catch {
    return expression;
  }
}
