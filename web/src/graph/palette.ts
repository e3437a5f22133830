/** What the palette offers: node types, and the things that they do (operations of apps, of databases, of text...). Pure. */

import { CATEGORIES, type Catalogue, type Category, type NodeType, newestTypes, type Option } from "./catalogue";
import type { Params } from "./document";

/** An entry of the palette: a node type as it comes, or set up for one of the things that it does. */
export interface Choice {
  key: string;
  entry: NodeType;
  /** What the node starts with besides its defaults. */
  params: Params;
  title: string;
  detail: string;
}

export interface Group {
  key: Category | "recent" | "actions" | `resource-${string}`;
  /** The words of a resource, where the group is one's. */
  title?: string;
  choices: Choice[];
}

/** An app as the palette shows it: its node, and what starts with it. */
export interface App {
  entry: NodeType;
  triggers: NodeType[];
  actions: Choice[];
}

/** A found list never gets longer: nobody reads on, and each keystroke draws it. */
const MOST_ACTIONS = 30;

const plain = (entry: NodeType, key = `type-${entry.type}`): Choice => ({
  key,
  entry,
  params: {},
  title: entry.name,
  detail: entry.summary,
});

const optionsOf = (entry: NodeType, name: string): Option[] =>
  entry.paramsSchema.properties?.[name]?.["x-ui"]?.options ?? [];

/** What a node type does, one entry for each of its operations, by resource where it has some. */
export function actionsOf(entry: NodeType): Choice[] {
  const operations = optionsOf(entry, "operation");
  const resources = optionsOf(entry, "resource");
  return operations.flatMap((operation) => {
    const among = operation.when && !Array.isArray(operation.when) ? operation.when.resource : undefined;
    const of = resources.filter(({ value }) => !among || among.includes(value));
    if (resources.length === 0) {
      const params = { operation: operation.value };
      return [{ key: `${entry.type}-${operation.value}`, entry, params, title: operation.label, detail: entry.name }];
    }
    return of.map((resource) => ({
      key: `${entry.type}-${resource.value}-${operation.value}`,
      entry,
      params: { resource: resource.value, operation: operation.value },
      title: `${resource.label}: ${operation.label}`,
      detail: entry.name,
    }));
  });
}

/** The app that a type stands for in the palette, which opens; null for what is added at once. */
export function appOf(entry: NodeType, types: readonly NodeType[]): App | null {
  if (!entry.app || entry.trigger) return null;
  const triggers = types.filter((other) => other.app === entry.app && other.trigger);
  const actions = actionsOf(entry);
  return triggers.length + actions.length > 1 ? { entry, triggers, actions } : null;
}

/** An app opened: its triggers, then its actions by resource. */
export function groupsOfApp({ entry, triggers, actions }: App, search: string): Group[] {
  const words = wordsOf(search);
  const has = (choice: Choice) => matches(`${choice.title} ${choice.detail}`, words);
  const titles = new Map(optionsOf(entry, "resource").map(({ value, label }) => [value, label]));
  const groups: Group[] = [{ key: "trigger", choices: triggers.map((one) => plain(one)).filter(has) }];
  for (const [resource, title] of titles) {
    const choices = actions
      .filter(({ params }) => params.resource === resource)
      .map((choice) => ({ ...choice, title: choice.title.slice(title.length + 2) }));
    groups.push({
      key: `resource-${resource}`,
      title,
      choices: choices.filter((choice) => matches(`${title} ${choice.title}`, words)),
    });
  }
  if (titles.size === 0) groups.push({ key: "actions", choices: actions.filter(has) });
  return groups.filter(({ choices }) => choices.length > 0);
}

/** All that may be added, with what is searched in it, made once for a catalogue. */
export interface Palette {
  types: NodeType[];
  entries: { choice: Choice; text: string; name: string }[];
  actions: { choice: Choice; text: string; title: string }[];
}

export function paletteOf(catalogue: Catalogue, allow: (entry: NodeType) => boolean = () => true): Palette {
  const types = newestTypes(catalogue).filter(allow);
  return {
    types,
    entries: types.map((entry) => ({
      choice: plain(entry),
      text: `${entry.name} ${entry.type} ${entry.summary} ${entry.category}`.toLowerCase(),
      name: entry.name.toLowerCase(),
    })),
    actions: types.flatMap(actionsOf).map((choice) => ({
      choice,
      text: `${choice.entry.name} ${choice.title}`.toLowerCase(),
      title: choice.title.toLowerCase(),
    })),
  };
}

/**
 * The palette by a search: types whose name, summary, type or category has every word, and the categories, too, in the
 * order of their best name: one that is the word, begins with it, or has it; then actions whose title or node has every
 * word. Without a search: those used lately, then all types.
 */
export function groupsOf(palette: Palette, search: string, recent: readonly string[]): Group[] {
  const words = wordsOf(search);
  const first = words[0];
  const found = palette.entries.filter(({ text }) => words.every((word) => text.includes(word)));
  const whole = words.join(" ");
  const rank = (name: string) => (name === whole ? 0 : ranked(name, first ?? "") + 1);
  if (first) found.sort((one, other) => rank(one.name) - rank(other.name));
  const used = recent.flatMap((type) => palette.types.find((entry) => entry.type === type) ?? []);
  const groups: Group[] = [
    { key: "recent", choices: first ? [] : used.map((entry) => plain(entry, `recent-${entry.type}`)) },
    ...(first ? bestFirst(found, rank) : CATEGORIES).map((category) => ({
      key: category,
      choices: found.flatMap(({ choice }) => (choice.entry.category === category ? choice : [])),
    })),
    { key: "actions", choices: first ? actionsFound(palette, words) : [] },
  ];
  return groups.filter(({ choices }) => choices.length > 0);
}

/** Node types in the order in which the palette shows them. */
export function searchTypes(catalogue: Catalogue, search: string): NodeType[] {
  return groupsOf(paletteOf(catalogue), search, [])
    .filter(({ key }) => key !== "actions")
    .flatMap(({ choices }) => choices.map(({ entry }) => entry));
}

function actionsFound(palette: Palette, words: readonly string[]): Choice[] {
  const [first = ""] = words;
  const found = palette.actions.filter(({ text }) => words.every((word) => text.includes(word)));
  return found
    .sort((one, other) => ranked(one.title, first) - ranked(other.title, first))
    .slice(0, MOST_ACTIONS)
    .map(({ choice }) => choice);
}

/** The categories of what was found, that of the best name first; else in their usual order. */
function bestFirst(found: Palette["entries"], rank: (name: string) => number): Category[] {
  const best = (category: Category) =>
    Math.min(4, ...found.map(({ choice, name }) => (choice.entry.category === category ? rank(name) : 4)));
  return [...CATEGORIES].sort((one, other) => best(one) - best(other));
}

const ranked = (name: string, word: string): number => (name.startsWith(word) ? 0 : name.includes(word) ? 1 : 2);

const wordsOf = (search: string): string[] => search.toLowerCase().split(/\s+/).filter(Boolean);

const matches = (text: string, words: readonly string[]): boolean => {
  const lower = text.toLowerCase();
  return words.every((word) => lower.includes(word));
};
