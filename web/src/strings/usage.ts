import type { Tokens } from "../api/types";

const digits = (count: number) => count.toLocaleString("en");
const plural = (count: number, one: string, many: string) => (count === 1 ? one : many);

export const usage = {
  title: "Usage",
  used: "Used",
  whole: "The whole run",
  tokens: (model: string, { input, output, cached }: Tokens) =>
    `${model}: ${digits(input)} tokens in${cached ? ` (${digits(cached)} cached)` : ""}, ${digits(output)} out`,
  requests: (count: number, shown: string) => `${shown} ${plural(count, "request", "requests")}`,
  sent: (size: string) => `${size} sent`,
  received: (size: string) => `${size} received`,
  bytes: (count: number) => `${count} ${plural(count, "byte", "bytes")}`,
  nothing: "Nothing to count: no node sent requests, asked a model or spent money.",
  coming: "What has come so far",
  comingItem: (item: number) => `Item ${item}`,
  comingText: "Not the result yet: that appears when the node is done.",
  comingCut: "More is not shown while it comes.",
  comingSoFar: (characters: number) =>
    `About ${characters} ${plural(characters, "character has", "characters have")} come so far.`,
};
