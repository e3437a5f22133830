/** What a credential type asks for, read from its schema in the catalogue. */

import type { Credential } from "../api/types";
import type { CredentialType } from "../graph/catalogue";

export interface CredentialField {
  name: string;
  label: string;
  kind: "text" | "multiline" | "secret" | "number" | "select" | "boolean";
  help: string;
  placeholder: string;
  options: readonly { value: string; label: string }[];
  initial: string;
  required: boolean;
  /** Asked for only while this other field is empty. */
  unless: string;
}

const KINDS: ReadonlySet<string> = new Set(["multiline", "secret", "number", "select", "boolean"]);

export function fieldsOf(type: CredentialType | undefined): CredentialField[] {
  const schema = type?.dataSchema;
  return Object.entries(schema?.properties ?? {}).map(([name, field]) => {
    const form = field["x-ui"];
    return {
      name,
      label: field.title ?? name,
      kind: (form && KINDS.has(form.kind) ? form.kind : "text") as CredentialField["kind"],
      help: form?.help ?? "",
      placeholder: form?.placeholder ?? "",
      options: form?.options ?? [],
      initial: String(field.default ?? ""),
      required: Boolean(form?.requiredWhenShown || schema?.required?.includes(name)),
      unless: form?.unless ?? "",
    };
  });
}

/** In place of a type: any that goes with HTTP requests. */
export const ANY_TYPE = "*";

/** The types that a field takes, in its order; all of them where it names none. */
export function takenTypes(types: readonly CredentialType[], only: readonly string[] = []): readonly CredentialType[] {
  if (only.includes(ANY_TYPE)) return types.filter(({ onRequest }) => onRequest);
  return only.length ? only.flatMap((name) => types.filter(({ type }) => type === name)) : types;
}

/** Types of stores: other credentials refer to their secrets, and no node has one. */
export const STORES: readonly string[] = ["aws_secrets", "hashicorp_vault", "https_secrets"];

/** Whether something tells if a credential of a type works. */
export const isTestable = (type: CredentialType | undefined): boolean =>
  Boolean(type && (type.test || type.testedBy || type.oauth2 || STORES.includes(type.type)));

/** Whether it can tell of one that is saved with these values: some types have to be given an address for it. */
export function canBeTested(type: CredentialType | undefined, values: Record<string, string>): boolean {
  const field = type?.test?.url.match(/^\{(\w+)\}$/)?.[1];
  return isTestable(type) && !(field && !values[field]);
}

export function initialValues(type: CredentialType | undefined): Record<string, string> {
  return Object.fromEntries(fieldsOf(type).map((field) => [field.name, field.initial]));
}

/** Nothing is stored yet. */
const NOTHING: ReadonlySet<string> = new Set();

/** The fields to ask for, given what is filled in already. `kept` names secrets that are stored and stay. */
export function askedFields(
  type: CredentialType | undefined,
  values: Record<string, string>,
  kept: ReadonlySet<string> = NOTHING,
): CredentialField[] {
  const isSet = (name: string) => Boolean(values[name]) || kept.has(name);
  return fieldsOf(type).filter((field) => !(field.unless && isSet(field.unless)));
}

/** Names of the fields that must still be filled in. */
export function missingFields(
  type: CredentialType | undefined,
  values: Record<string, string>,
  kept: ReadonlySet<string> = NOTHING,
): string[] {
  return askedFields(type, values, kept)
    .filter((field) => field.required && !values[field.name]?.trim() && !kept.has(field.name))
    .map((field) => field.name);
}

/** What is sent: filled-in fields only, numbers as numbers, and true or false as that. */
export function credentialData(
  type: CredentialType | undefined,
  values: Record<string, string>,
  kept: ReadonlySet<string> = NOTHING,
): Record<string, unknown> {
  const entries = askedFields(type, values, kept).flatMap((field) => {
    const value = values[field.name] ?? "";
    if (value === "") return [];
    return [[field.name, typed(field, value)] as const];
  });
  return Object.fromEntries(entries);
}

function typed(field: CredentialField, text: string): unknown {
  if (field.kind === "boolean") return text === "true";
  return field.kind === "number" ? Number(text) : text;
}

/** A stored credential as its form begins: what is no secret as text, secrets empty. */
export function storedValues(type: CredentialType | undefined, data: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(fieldsOf(type).map(({ name }) => [name, String(data[name] ?? "")]));
}

/** What a change sends: fields that differ from what is stored, and null for those that were taken away. */
export function credentialChange(
  type: CredentialType | undefined,
  values: Record<string, string>,
  stored: { data: Record<string, unknown>; secrets: readonly string[] },
  kept: ReadonlySet<string>,
): Record<string, unknown> {
  const now = credentialData(type, values, kept);
  const changed = Object.entries(now).filter(([name, value]) => stored.data[name] !== value);
  const there = Object.keys(stored.data).filter((name) => stored.data[name] !== null);
  const before = [...there, ...stored.secrets];
  const gone = before.filter((name) => !(name in now) && !kept.has(name) && isAsked(type, values, kept, name));
  return Object.fromEntries([...changed, ...gone.map((name) => [name, null] as const)]);
}

/** What a form does not ask for is not taken away by it: the other way to connect replaces it as a whole. */
const isAsked = (
  type: CredentialType | undefined,
  values: Record<string, string>,
  kept: ReadonlySet<string>,
  name: string,
): boolean => askedFields(type, values, kept).some((field) => field.name === name);

const DAY = 24 * 60 * 60 * 1000;
/** Days before its end at which the list begins to tell of it. */
const SOON = 30;

/** In how many days a credential ends, by whoever says so the earliest; undefined while that is far, or unknown. */
export function endsSoon({ expiresAt, endsAt }: Pick<Credential, "expiresAt" | "endsAt">, now: number) {
  const ends = [expiresAt, endsAt].flatMap((end) => (end ? [Date.parse(end)] : []));
  if (ends.length === 0) return undefined;
  const end = Math.min(...ends);
  if (end <= now) return { days: 0, isOver: true, end: new Date(end).toISOString() };
  const days = Math.ceil((end - now) / DAY);
  return days > SOON ? undefined : { days, isOver: false, end: new Date(end).toISOString() };
}
