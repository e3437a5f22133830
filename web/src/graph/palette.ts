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
  /** What the node is called; the type's name without it. */
  name?: string;
  /** What it opens instead of being added. */
  app?: App;
}

export interface Group {
  key: Category | "recent" | "actions" | `resource-${string}`;
  /** The words of a resource, where the group is one's. */
  title?: string;
  choices: Choice[];
}

/** An app as the palette shows it: what starts with it, and what it does by resource; "" where it has none. */
export interface App {
  key: string;
  name: string;
  entry: NodeType;
  triggers: NodeType[];
  resources: { name: string; title: string; actions: Choice[] }[];
}

/** An API that the workspace knows by its document (`GET /api/apis`). */
export interface KnownApi {
  id: string;
  name: string;
  words: string;
  baseUrl: string;
  operations: readonly { id: string; label: string; group: string; method: string; path: string }[];
}

/** The type of the nodes that ask such an API. */
export const ASKS_API = "api_operation";

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

/** The app that a type stands for in the palette, which opens; undefined for what is added at once. */
export function appOf(entry: NodeType, types: readonly NodeType[]): App | undefined {
  if (!entry.app || entry.trigger) return undefined;
  const ofApp = types.filter((other) => other.app === entry.app);
  // Of a provider with several nodes, a trigger stands with the one that it is called after, else with each of them.
  const ownerOf = (trigger: NodeType) =>
    ofApp.find((other) => !other.trigger && trigger.type.startsWith(`${other.type}_`))?.type ?? entry.type;
  const triggers = ofApp.filter((other) => other.trigger && ownerOf(other) === entry.type);
  const actions = actionsOf(entry);
  if (triggers.length + actions.length < 2) return undefined;
  const named = optionsOf(entry, "resource");
  const resources = named.map(({ value, label }) => ({
    name: value,
    title: label,
    actions: actions.filter(({ params }) => params.resource === value),
  }));
  const all = named.length > 0 ? resources : [{ name: "", title: "", actions }];
  return { key: entry.type, name: entry.name, entry, triggers, resources: all };
}

/** A workspace's API as an app: an action for each operation, by its first tag. */
export function appOfApi(api: KnownApi, entry: NodeType): App {
  const groups = [...new Set(api.operations.map(({ group }) => group))];
  const action = ({ id, label, method, path }: KnownApi["operations"][number]): Choice => ({
    key: `api-${api.id}-${id}`,
    entry,
    params: { api: api.id, operation: id },
    title: label,
    detail: `${method} ${path}`,
    name: api.name,
  });
  const resources = groups.map((group) => ({
    name: group,
    title: group,
    actions: api.operations.filter((operation) => operation.group === group).map(action),
  }));
  return { key: `api-${api.id}`, name: api.name, entry, triggers: [], resources };
}

/** An app opened: its triggers, then its actions by resource. */
export function groupsOfApp({ triggers, resources }: App, search: string): Group[] {
  const words = wordsOf(search);
  const started = triggers.map((one) => plain(one)).filter(({ title }) => matches(title, words));
  const groups: Group[] = [{ key: "trigger", choices: started }];
  for (const { name, title, actions } of resources) {
    const found = actions.filter((choice) => matches(`${title} ${choice.title} ${choice.detail}`, words));
    const choices = found.map((choice) => ({ ...choice, title: withoutResource(choice.title, title) }));
    groups.push(name ? { key: `resource-${name}`, title, choices } : { key: "actions", choices });
  }
  return groups.filter(({ choices }) => choices.length > 0);
}

const withoutResource = (title: string, resource: string): string =>
  resource && title.startsWith(`${resource}: `) ? title.slice(resource.length + 2) : title;

/** All that may be added, with what is searched in it, made once for a catalogue. */
export interface Palette {
  types: NodeType[];
  entries: { choice: Choice; text: string; name: string }[];
  actions: { choice: Choice; text: string; title: string }[];
}

export function paletteOf(
  catalogue: Catalogue,
  allow: (entry: NodeType) => boolean = () => true,
  apis: readonly KnownApi[] = [],
): Palette {
  const types = newestTypes(catalogue).filter(allow);
  const asks = types.find(({ type }) => type === ASKS_API);
  const own = asks ? apis.map((api) => choiceOfApi(api, appOfApi(api, asks))) : [];
  const choices = types.map((entry): Choice => {
    const app = appOf(entry, types);
    return app ? { ...plain(entry), app } : plain(entry);
  });
  const actions = [
    ...types.flatMap(actionsOf),
    ...own.flatMap(({ app }) => app?.resources ?? []).flatMap((r) => r.actions),
  ];
  return {
    types,
    entries: [...choices, ...own].map((choice) => ({
      choice,
      text: `${choice.title} ${choice.entry.type} ${choice.detail} ${choice.entry.category}`.toLowerCase(),
      name: choice.title.toLowerCase(),
    })),
    actions: actions.map((choice) => ({
      choice,
      text: `${choice.name ?? choice.entry.name} ${choice.title} ${choice.name ? choice.detail : ""}`.toLowerCase(),
      title: choice.title.toLowerCase(),
    })),
  };
}

const choiceOfApi = (api: KnownApi, app: App): Choice => ({
  key: app.key,
  entry: app.entry,
  params: { api: api.id },
  title: api.name,
  detail: api.words || api.baseUrl,
  app,
});

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
      choices: found.flatMap(({ choice }) => (categoryOf(choice) === category ? choice : [])),
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
    Math.min(4, ...found.map(({ choice, name }) => (categoryOf(choice) === category ? rank(name) : 4)));
  return [...CATEGORIES].sort((one, other) => best(one) - best(other));
}

/** Where it stands: what opens is an app, whatever its nodes are. */
const categoryOf = ({ app, entry }: Choice): Category => (app ? "app" : entry.category);

const ranked = (name: string, word: string): number => (name.startsWith(word) ? 0 : name.includes(word) ? 1 : 2);

const wordsOf = (search: string): string[] => search.toLowerCase().split(/\s+/).filter(Boolean);

const matches = (text: string, words: readonly string[]): boolean => {
  const lower = text.toLowerCase();
  return words.every((word) => lower.includes(word));
};
