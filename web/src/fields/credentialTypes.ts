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

const shown = (field: CredentialField, values: Record<string, string>) => !(field.unless && values[field.unless]);

/** The fields to ask for, given what is filled in already. */
export function askedFields(type: string, values: Record<string, string>): CredentialField[] {
  return (CREDENTIAL_TYPES[type] ?? []).filter((field) => shown(field, values));
}

/** Names of the fields that must still be filled in. */
export function missingFields(type: string, values: Record<string, string>): string[] {
  return askedFields(type, values)
    .filter((field) => field.required && !values[field.name]?.trim())
    .map((field) => field.name);
}

/** What is sent: filled-in fields only, numbers as numbers. */
export function credentialData(type: string, values: Record<string, string>): Record<string, unknown> {
  const entries = askedFields(type, values).flatMap((field) => {
    const value = values[field.name] ?? "";
    if (value === "") return [];
    return [[field.name, field.kind === "number" ? Number(value) : value] as const];
  });
  return Object.fromEntries(entries);
}
