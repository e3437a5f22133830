import type { ApiError } from "../api/problem";
import type { CredentialType } from "../graph/catalogue";
import { strings } from "../strings";
import { Field, Input } from "../ui/Form";
import { Select } from "../ui/Select";
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
        {(ids) =>
          field.kind === "select" ? (
            <Select
              {...ids}
              value={values[field.name] ?? ""}
              onChange={(value) => onChange(field.name, value)}
              options={[...field.options]}
            />
          ) : (
            <Input
              {...ids}
              type={field.kind === "secret" ? "password" : field.kind === "number" ? "number" : "text"}
              autoComplete={field.kind === "secret" ? "new-password" : "off"}
              placeholder={stays ? t.kept : field.placeholder}
              value={values[field.name] ?? ""}
              onChange={(event) => onChange(field.name, event.target.value)}
            />
          )
        }
      </Field>
    );
  });
}
