import type { ChangeEvent } from "react";
import type { ApiError } from "../api/problem";
import type { CredentialType } from "../graph/catalogue";
import { strings } from "../strings";
import { Field, Input, Textarea } from "../ui/Form";
import { Select } from "../ui/Select";
import { Switch } from "../ui/Switch";
import { askedFields, type CredentialField } from "./credentialTypes";

const t = strings.credentials;

interface CredentialInputsProps {
  type: CredentialType | undefined;
  values: Record<string, string>;
  /** Secrets that are stored: left empty, they stay. */
  kept?: ReadonlySet<string>;
  /** Secrets that are stored and must be filled in all the same: they would go to another server. */
  again?: readonly string[];
  missing: readonly string[];
  refused: ApiError | null;
  onChange(name: string, value: string): void;
  /** Takes a stored secret away. */
  onForget?(name: string): void;
}

interface ControlProps {
  ids: { id: string; "aria-describedby": string | undefined; "aria-invalid": true | undefined };
  field: CredentialField;
  value: string;
  placeholder: string;
  onChange(value: string): void;
}

const TYPES: Record<string, string> = { secret: "password", number: "number" };

/** What a field is filled in with, by its kind. */
function Control({ ids, field, value, placeholder, onChange }: ControlProps) {
  if (field.kind === "select")
    return <Select {...ids} value={value} onChange={onChange} options={[...field.options]} />;
  if (field.kind === "boolean") {
    const { id, "aria-describedby": described } = ids;
    const change = (checked: boolean) => onChange(String(checked));
    return <Switch id={id} aria-describedby={described} checked={value === "true"} onChange={change} />;
  }
  const props = {
    ...ids,
    value,
    placeholder,
    onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => onChange(event.target.value),
  };
  if (field.kind === "multiline") return <Textarea {...props} spellCheck={false} className="font-mono text-xs" />;
  const autoComplete = field.kind === "secret" ? "new-password" : "off";
  return <Input {...props} type={TYPES[field.kind] ?? "text"} autoComplete={autoComplete} />;
}

/** What a credential of a type consists of. */
export function CredentialInputs(props: CredentialInputsProps) {
  const { type, values, kept, again = [], missing, refused, onChange, onForget } = props;
  const forgetting = (field: CredentialField) =>
    kept?.has(field.name) &&
    !field.required &&
    onForget && (
      <button
        type="button"
        onClick={() => onForget(field.name)}
        className="rounded-sm px-1 text-2xs text-ink-3 underline-offset-2 hover:text-bad hover:underline"
      >
        {t.forget(field.label)}
      </button>
    );
  return askedFields(type, values, kept).map((field) => {
    const isAgain = again.includes(field.name);
    const stays = !isAgain && (kept?.has(field.name) ?? false);
    const told = isAgain && values[field.name] ? undefined : refused?.messageFor(`data.${field.name}`);
    return (
      <Field
        key={field.name}
        label={field.label}
        required={field.required}
        help={stays ? t.keptHelp : field.help}
        error={missing.includes(field.name) ? t.required : told}
        aside={forgetting(field)}
      >
        {(ids) => (
          <Control
            ids={ids}
            field={field}
            value={values[field.name] ?? ""}
            placeholder={stays ? t.kept : field.placeholder}
            onChange={(value) => onChange(field.name, value)}
          />
        )}
      </Field>
    );
  });
}
