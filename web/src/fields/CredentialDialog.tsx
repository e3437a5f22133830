import { type FormEvent, useState } from "react";
import { ApiError } from "../api/problem";
import { useCreateCredential } from "../api/queries";
import type { Credential } from "../api/types";
import { strings } from "../strings";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Field, Input } from "../ui/Form";
import { messageOf } from "../ui/message";
import { Select } from "../ui/Select";
import { toast } from "../ui/toasts";
import { CredentialInputs } from "./CredentialInputs";
import { CREDENTIAL_TYPES, credentialData, initialValues, missingFields } from "./credentialTypes";

const t = strings.credentials;

interface CredentialDialogProps {
  /** Fixed where a node asks for one type; chosen in the dialog otherwise. */
  type?: string | undefined;
  onClose(): void;
  onCreated?(credential: Credential): void;
}

export function CredentialDialog({ type: fixed, onClose, onCreated }: CredentialDialogProps) {
  const [type, setType] = useState(fixed ?? "postgres");
  const [name, setName] = useState("");
  const [values, setValues] = useState(() => initialValues(type));
  const [tried, setTried] = useState(false);
  const create = useCreateCredential();
  const missing = tried ? missingFields(type, values) : [];
  const refused = create.error instanceof ApiError ? create.error : null;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    // The dialog may be opened from within another form.
    event.stopPropagation();
    setTried(true);
    if (!name.trim() || missingFields(type, values).length > 0) return;
    create.mutate(
      { name: name.trim(), type, data: credentialData(type, values) },
      {
        onSuccess: (credential) => {
          toast({ tone: "ok", title: t.created(credential.name) });
          onCreated?.(credential);
          onClose();
        },
      },
    );
  };
  const choose = (next: string) => {
    setType(next);
    setValues(initialValues(next));
    setTried(false);
  };

  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t.create} description={t.intro}>
      <form onSubmit={submit} noValidate className="space-y-3 pb-3">
        {create.error && refused?.fields.length === 0 && (
          <p role="alert" className="rounded-md bg-bad-soft px-3 py-2 text-bad text-sm">
            {Object.values(messageOf(create.error)).filter(Boolean).join(". ")}
          </p>
        )}
        {!fixed && (
          <Field label={t.type}>
            {(ids) => (
              <Select
                {...ids}
                value={type}
                onChange={choose}
                options={Object.keys(CREDENTIAL_TYPES).map((value) => ({ value, label: t.types[value] ?? value }))}
              />
            )}
          </Field>
        )}
        <Field
          label={t.name}
          required
          help={t.nameHelp}
          error={tried && !name.trim() ? t.required : refused?.messageFor("name")}
        >
          {(ids) => (
            <Input {...ids} value={name} maxLength={120} onChange={(event) => setName(event.target.value)} autoFocus />
          )}
        </Field>
        <CredentialInputs
          type={type}
          values={values}
          missing={missing}
          refused={refused}
          onChange={(field, value) => setValues({ ...values, [field]: value })}
        />
        <div className="flex justify-end gap-2 pt-2">
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button variant="primary" type="submit" busy={create.isPending}>
            {strings.common.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
