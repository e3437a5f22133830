/** What each credential type asks for (docs/reference/contracts.md, "Credential types"). */

import { strings } from "../strings";

export interface CredentialField {
  name: string;
  label: string;
  kind: "text" | "secret" | "number" | "select";
  help?: string;
  placeholder?: string;
  options?: { value: string; label: string }[];
  initial?: string;
  required?: boolean;
  /** Asked for only while this other field is empty. */
  unless?: string;
}

const t = strings.credentials.fields;
const security = strings.credentials.securityOptions;

export const CREDENTIAL_TYPES: Readonly<Record<string, readonly CredentialField[]>> = {
  postgres: [
    { name: "dsn", label: t.dsn, kind: "secret", help: t.dsnHelp },
    { name: "host", label: t.host, kind: "text", placeholder: "db.example.com", required: true, unless: "dsn" },
    { name: "port", label: t.port, kind: "number", initial: "5432", unless: "dsn" },
    { name: "database", label: t.database, kind: "text", required: true, unless: "dsn" },
    { name: "user", label: t.user, kind: "text", required: true, unless: "dsn" },
    { name: "password", label: t.password, kind: "secret", unless: "dsn" },
    {
      name: "sslMode",
      label: t.sslMode,
      kind: "select",
      initial: "prefer",
      unless: "dsn",
      options: ["disable", "prefer", "require", "verify-full"].map((value) => ({ value, label: value })),
    },
  ],
  smtp: [
    { name: "host", label: t.host, kind: "text", placeholder: "smtp.example.com", required: true },
    { name: "port", label: t.port, kind: "number", initial: "587", required: true },
    { name: "user", label: t.user, kind: "text" },
    { name: "password", label: t.password, kind: "secret" },
    {
      name: "security",
      label: t.security,
      kind: "select",
      initial: "starttls",
      options: [
        { value: "starttls", label: security.starttls },
        { value: "tls", label: security.tls },
        { value: "none", label: security.none },
      ],
    },
    { name: "from", label: t.from, kind: "text", placeholder: "orders@example.com", required: true },
  ],
  http_header: [
    { name: "name", label: t.headerName, kind: "text", placeholder: "X-API-Key", required: true },
    { name: "value", label: t.headerValue, kind: "secret", required: true },
  ],
  http_basic: [
    { name: "user", label: t.user, kind: "text", required: true },
    { name: "password", label: t.password, kind: "secret", required: true },
  ],
};

export function initialValues(type: string): Record<string, string> {
  return Object.fromEntries((CREDENTIAL_TYPES[type] ?? []).map((field) => [field.name, field.initial ?? ""]));
}

/** Nothing is stored yet. */
const NOTHING: ReadonlySet<string> = new Set();

/** The fields to ask for, given what is filled in already. `kept` names secrets that are stored and stay. */
export function askedFields(
  type: string,
  values: Record<string, string>,
  kept: ReadonlySet<string> = NOTHING,
): CredentialField[] {
  const isSet = (name: string) => Boolean(values[name]) || kept.has(name);
  return (CREDENTIAL_TYPES[type] ?? []).filter((field) => !(field.unless && isSet(field.unless)));
}

/** Names of the fields that must still be filled in. */
export function missingFields(
  type: string,
  values: Record<string, string>,
  kept: ReadonlySet<string> = NOTHING,
): string[] {
  return askedFields(type, values, kept)
    .filter((field) => field.required && !values[field.name]?.trim() && !kept.has(field.name))
    .map((field) => field.name);
}

/** What is sent: filled-in fields only, numbers as numbers. */
export function credentialData(
  type: string,
  values: Record<string, string>,
  kept: ReadonlySet<string> = NOTHING,
): Record<string, unknown> {
  const entries = askedFields(type, values, kept).flatMap((field) => {
    const value = values[field.name] ?? "";
    if (value === "") return [];
    return [[field.name, field.kind === "number" ? Number(value) : value] as const];
  });
  return Object.fromEntries(entries);
}

/** A stored credential as its form begins: what is no secret as text, secrets empty. */
export function storedValues(type: string, data: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries((CREDENTIAL_TYPES[type] ?? []).map(({ name }) => [name, String(data[name] ?? "")]));
}

/** What a change sends: fields that differ from what is stored, and null for those that were taken away. */
export function credentialChange(
  type: string,
  values: Record<string, string>,
  stored: { data: Record<string, unknown>; secrets: readonly string[] },
  kept: ReadonlySet<string>,
): Record<string, unknown> {
  const now = credentialData(type, values, kept);
  const changed = Object.entries(now).filter(([name, value]) => stored.data[name] !== value);
  const before = [...Object.keys(stored.data), ...stored.secrets];
  const gone = before.filter((name) => !(name in now) && !kept.has(name) && isAsked(type, values, kept, name));
  return Object.fromEntries([...changed, ...gone.map((name) => [name, null] as const)]);
}

/** What a form does not ask for is not taken away by it: the other way to connect replaces it as a whole. */
const isAsked = (type: string, values: Record<string, string>, kept: ReadonlySet<string>, name: string): boolean =>
  askedFields(type, values, kept).some((field) => field.name === name);
