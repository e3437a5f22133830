/** Commands by what somebody types. Pure. */

interface Named {
  label: string;
  detail?: string;
}

/** Those whose label or detail has every word, within each group those whose label begins with the first word first. */
export function searched<T extends Named & { group: string }>(commands: readonly T[], search: string): T[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const first = words[0];
  if (!first) return [...commands];
  const found = commands.filter(({ label, detail = "" }) => {
    const text = `${label} ${detail}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const groups = [...new Set(commands.map(({ group }) => group))];
  const rank = ({ label }: T) => (label.toLowerCase().startsWith(first) ? 0 : 1);
  return found.sort((one, other) => groups.indexOf(one.group) - groups.indexOf(other.group) || rank(one) - rank(other));
}
