/** Commands by what somebody types. Pure. */

interface Named {
  label: string;
  detail?: string;
}

/**
 * Those whose label or detail has every word. Groups stay together; first comes the group whose best label begins with
 * the words, then those whose label has them, then those where only a detail has them; and so within each group.
 */
export function searched<T extends Named & { group: string }>(commands: readonly T[], search: string): T[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const first = words[0];
  if (!first) return [...commands];
  const found = commands.filter(({ label, detail = "" }) => {
    const text = `${label} ${detail}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const rank = ({ label }: T): number => {
    const text = label.toLowerCase();
    if (text.startsWith(first)) return 0;
    return words.every((word) => text.includes(word)) ? 1 : 2;
  };
  const groups = [...new Set(commands.map(({ group }) => group))];
  const best = new Map(groups.map((name) => [name, Math.min(3, ...found.filter((it) => it.group === name).map(rank))]));
  const place = ({ group }: T): number => (best.get(group) ?? 3) * groups.length + groups.indexOf(group);
  return found.sort((one, other) => place(one) - place(other) || rank(one) - rank(other));
}
