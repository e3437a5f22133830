/** The node catalogue as `docs/reference/catalog.json` has it, and lookups over it. */

import type { Json, WorkflowNode } from "./document";
import { areShown } from "./visible";

export type Category = "trigger" | "flow" | "data" | "network" | "message" | "app" | "ai";

export const CATEGORIES: readonly Category[] = ["trigger", "flow", "data", "network", "message", "app", "ai"];

export interface Port {
  name: string;
  label: string;
  emits: "always" | "maybe";
  /** Where it is not always in use: rules any of which uses it. */
  showWhen?: ShowWhen[];
  /** Whether it is below the node: what hangs there works for it, rather than after it. */
  below?: boolean;
}

export type FieldKind =
  | "text"
  | "multiline"
  | "number"
  | "boolean"
  | "select"
  | "multiSelect"
  | "json"
  | "code"
  | "sql"
  | "keyValue"
  | "collection"
  | "mapping"
  | "conditions"
  | "credential"
  | "cron"
  | "timeZone"
  | "port"
  | "secret"
  | "workflow";

export interface Operator {
  value: string;
  label: string;
  unary?: boolean;
}

/** Where the choices of a text come from that only the provider knows (`stepweave.spec.options`). */
export interface OptionsFrom {
  loader: string;
  /** The node's fields that must be filled in first. */
  needs: string[];
  /** Whether the loader searches; else what has come is looked through here. */
  searches?: boolean;
  /** Whether values are ids, whose label is worth loading. */
  labelled?: boolean;
  /** What stands between several values in one field. */
  separator?: string;
  /** Whether the workspace itself has them, rather than a provider. */
  workspace?: boolean;
}

export interface FieldUi {
  kind: FieldKind;
  expression: boolean;
  help?: string;
  placeholder?: string;
  language?: string;
  /** Of a credential's field: the type that it is of, or several, of any of which it may be; `*` is any for HTTP. */
  credential?: string | string[];
  options?: Option[];
  optionsFrom?: OptionsFrom;
  showWhen?: ShowWhen | ShowWhen[];
  requiredWhenShown?: boolean;
  /** Of a credential's field: the field that takes its place once it is filled in. */
  unless?: string;
  group?: string;
  operators?: Record<string, Operator[]>;
}

/** Siblings, each with the values that it may have. */
export type ShowWhen = Record<string, Json[]>;

/** A choice of a select; with `when`, one only beside these values of its siblings. */
export interface Option {
  value: string;
  label: string;
  when?: ShowWhen;
}

export interface ParamSchema {
  title?: string;
  description?: string;
  type?: string | string[];
  default?: Json;
  enum?: Json[];
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
  items?: ParamSchema;
  properties?: Record<string, ParamSchema>;
  required?: string[];
  "x-ui"?: FieldUi;
}

export interface NodeType {
  type: string;
  version: number;
  name: string;
  category: Category;
  icon: string;
  summary: string;
  docs: string;
  subtitle: string;
  inputs: Port[];
  outputs: Port[];
  paramsSchema: ParamSchema;
  /** Collection parameters each row of which names an output port in `output`, unless the form does not show the list. */
  outputsFrom?: string[];
  /** A number parameter that says how many of the inputs a node has, the first ones; "" for all. */
  inputsCounted?: string;
  trigger: "manual" | "webhook" | "schedule" | "error" | "workflow" | "app" | "form" | "chat" | null;
  /** What the code of a trigger of an app does; null for all other nodes. */
  listens?: { receives: boolean; polls: boolean; every: string; fixed?: boolean } | null;
  isResponse: boolean;
  credentials: string[];
  timeoutSeconds: number;
  errors: string[];
  retryable: string[];
  outputExample: Record<string, Json>[];
  /** How a node of the version before becomes one of this; null for the first. */
  upgrade?: Upgrade | null;
  /** Of an app's node and its triggers: what they have in common; of others nothing. */
  app?: string;
}

export interface Upgrade {
  /** What is different, for people. */
  changes: string;
  renamed: Record<string, string>;
  ports: Record<string, string>;
  values: Record<string, Record<string, string>>;
  dropped: string[];
  given: Record<string, Json>;
}

export interface CredentialType {
  type: string;
  name: string;
  icon: string;
  summary: string;
  docs: string;
  dataSchema: ParamSchema;
  /** A request that tells whether it works. */
  test?: { url: string } | null;
  /** The node type whose function tells it, where no request does; "" for none. */
  testedBy?: string;
  oauth2?: { grant: string } | null;
  /** How it goes with an HTTP request; null where it is none for HTTP. */
  onRequest?: object | null;
}

export interface Catalogue {
  nodes: NodeType[];
  credentials: CredentialType[];
}

export function findType(catalogue: Catalogue, type: string, version: number): NodeType | undefined {
  return catalogue.nodes.find((entry) => entry.type === type && entry.version === version);
}

/** The newest version of each type, in the order of the catalogue. */
export function newestTypes(catalogue: Catalogue): NodeType[] {
  const newest = new Map<string, NodeType>();
  for (const entry of catalogue.nodes) {
    const known = newest.get(entry.type);
    if (!known || known.version < entry.version) newest.set(entry.type, entry);
  }
  return [...newest.values()];
}

/**
 * The output ports that a node uses: those its rows name, those of its type, and the error port where its settings ask for
 * one.
 */
export function outputPorts(node: WorkflowNode, entry: NodeType | undefined): Port[] {
  const ports = entry ? [...namedPorts(node, entry), ...ownPorts(node, entry)] : [];
  const own = ports.some((port) => port.name === "error");
  return node.settings.onError === "branch" && !entry?.trigger && !own
    ? [...ports, { name: "error", label: "Error", emits: "maybe" }]
    : ports;
}

/** The ports that rows of shown lists name, each once, in the order of the rows; not those that the type has anyway. */
function namedPorts(node: WorkflowNode, entry: NodeType): Port[] {
  const own = new Set(entry.outputs.map((port) => port.name));
  return [...rowNames(node, entry)]
    .filter((name) => !own.has(name))
    .map((name) => ({ name, label: name, emits: "maybe" }));
}

/** The type's own ports that the parameters use, or that a row names. */
function ownPorts(node: WorkflowNode, entry: NodeType): Port[] {
  const named = rowNames(node, entry);
  return entry.outputs.filter(
    (port) => named.has(port.name) || areShown(port.showWhen, entry.paramsSchema, node.params),
  );
}

function rowNames(node: WorkflowNode, entry: NodeType): Set<string> {
  const names = new Set<string>();
  for (const list of entry.outputsFrom ?? []) {
    const rows = node.params[list];
    const rules = entry.paramsSchema.properties?.[list]?.["x-ui"]?.showWhen;
    if (!Array.isArray(rows) || !areShown(rules, entry.paramsSchema, node.params)) continue;
    for (const row of rows) {
      const name = row !== null && typeof row === "object" && !Array.isArray(row) ? row.output : undefined;
      if (typeof name === "string" && name !== "") names.add(name);
    }
  }
  return names;
}

/** The input ports of a node: all of its type, or as many as a parameter says. */
export function inputPorts(entry: NodeType | undefined, node?: WorkflowNode): Port[] {
  const ports = entry?.inputs ?? [];
  if (!entry?.inputsCounted) return ports;
  const asked = node?.params[entry.inputsCounted];
  const isCount = typeof asked === "number" && Number.isInteger(asked) && asked > 0 && asked <= ports.length;
  const count = isCount ? asked : entry.paramsSchema.properties?.[entry.inputsCounted]?.default;
  return ports.slice(0, typeof count === "number" ? count : ports.length);
}
