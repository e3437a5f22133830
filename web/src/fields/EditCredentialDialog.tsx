import { type FormEvent, useState } from "react";
import { ApiError } from "../api/problem";
import { useChangeCredential, useCredential, useCredentialTypes } from "../api/queries";
import type { Credential, CredentialDetail } from "../api/types";
import type { CredentialType } from "../graph/catalogue";
import { strings } from "../strings";
import { Button } from "../ui/Button";
import { CopyButton } from "../ui/CopyButton";
import { Dialog } from "../ui/Dialog";
import { Field, Input } from "../ui/Form";
import { inWords } from "../ui/message";
import { Failed, LoadingRows } from "../ui/States";
import { dateTime } from "../ui/time";
import { toast } from "../ui/toasts";
import { ConnectPanel } from "./ConnectPanel";
import { CredentialInputs } from "./CredentialInputs";
import { CredentialShares } from "./CredentialShares";
import { CredentialUses } from "./CredentialUses";
import { connectionOf } from "./connecting";
import { canBeTested, credentialChange, isTestable, missingFields, STORES, storedValues } from "./credentialTypes";
import { TestCredential } from "./TestCredential";
import { useFocusOnWrong } from "./useFocusOnWrong";

const t = strings.credentials;

interface EditCredentialDialogProps {
  credential: Credential;
  /** It has just been made here, and can be tried out. */
  isNew?: boolean;
  onClose(): void;
}

/**
 * Changes a credential: its name, and what it consists of. Secrets are never shown; left empty, they stay. One that can
 * be tried out stays open when it is saved: who mends a mistake tries again.
 */
export function EditCredentialDialog({ credential, isNew = false, onClose }: EditCredentialDialogProps) {
  const [saves, setSaves] = useState(isNew ? 1 : 0);
  const query = useCredential(credential.id);
  const types = useCredentialTypes();
  const type = types.data?.find((entry) => entry.type === credential.type);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t.editTitle(query.data?.name ?? credential.name)}
      description={type?.name ?? credential.type}
    >
      {(query.isPending || types.isPending) && <LoadingRows rows={3} />}
      {query.isError && <Failed error={query.error} onRetry={() => void query.refetch()} />}
      {types.isError && <Failed error={types.error} onRetry={() => void types.refetch()} />}
      {query.data && types.data && (
        <EditForm
          key={saves}
          stored={query.data}
          type={type}
          isSaved={saves > 0}
          onSaved={() => setSaves(saves + 1)}
          onClose={onClose}
        />
      )}
    </Dialog>
  );
}

function StoreReference({ id }: { id: string }) {
  const text = `secret://${id}/…#…`;
  return (
    <section aria-label={t.reference} className="rounded-lg border border-line bg-surface-2 p-3">
      <h3 className="font-medium text-sm">{t.reference}</h3>
      <div className="flex items-center gap-1.5">
        <code className="min-w-0 flex-1 break-all font-mono text-xs">{text}</code>
        <CopyButton text={text} label={t.copyReference} />
      </div>
      <p className="text-ink-3 text-xs">{t.referenceHelp}</p>
    </section>
  );
}

/** A moment's day here, as a date field has it. */
function dayOf(moment: string | null): string {
  if (!moment) return "";
  const at = new Date(moment);
  const two = (number: number) => String(number).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** The secrets that the API wants again, because they would go to another server. */
const secretsNeeded = (refused: ApiError | null): string[] =>
  refused?.code === "secrets_needed" ? refused.fields.map(({ field }) => field.replace(/^data\./, "")) : [];

interface EditFormProps {
  stored: CredentialDetail;
  type: CredentialType | undefined;
  /** What is shown was saved in this dialog. */
  isSaved: boolean;
  /** It is saved and can be tried out; `stored` is what was. */
  onSaved(): void;
  onClose(): void;
}

function EditForm({ stored, type, isSaved, onSaved, onClose }: EditFormProps) {
  const [name, setName] = useState(stored.name);
  const [values, setValues] = useState(() => storedValues(type, stored.data));
  const [kept, setKept] = useState<ReadonlySet<string>>(() => new Set(stored.secrets));
  const [tried, setTried] = useState(false);
  const change = useChangeCredential();
  const data = credentialChange(type, values, stored, kept);
  const isChanged = Object.keys(data).length > 0;
  const [expires, setExpires] = useState(() => dayOf(stored.expiresAt));
  const isMoved = expires !== dayOf(stored.expiresAt);
  const isDone = isSaved && !isChanged && !isMoved && name === stored.name;
  const refused = change.error instanceof ApiError ? change.error : null;
  const missing = tried ? missingFields(type, values, kept) : [];
  const [form, lookAgain] = useFocusOnWrong(change.error);
  const isSaid = refused?.fields.some(({ field }) => field === "name" || field.startsWith("data."));
  // A header has a name too.
  const ofName = refused?.fields.find(({ field }) => field === "name")?.message;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    // The dialog may be opened from within another form.
    event.stopPropagation();
    setTried(true);
    if (!name.trim() || missingFields(type, values, kept).length > 0) return lookAgain();
    change.mutate(
      {
        id: stored.id,
        name: name.trim(),
        ...(isChanged ? { data } : {}),
        ...(isMoved ? { expiresAt: expires ? new Date(`${expires}T00:00`).toISOString() : null } : {}),
      },
      {
        onSuccess: (saved) => {
          toast({ tone: "ok", title: t.changed(saved.name) });
          const connected = (connectionOf(saved) ?? "connected") === "connected";
          if (connected && canBeTested(type, values)) onSaved();
          else onClose();
        },
      },
    );
  };
  return (
    <form ref={form} onSubmit={submit} noValidate className="space-y-3 pb-3">
      {!stored.readable && <p className="rounded-md bg-warn-soft px-3 py-2 text-sm text-warn">{t.unreadable}</p>}
      {stored.anyHost && <p className="rounded-md bg-warn-soft px-3 py-2 text-sm text-warn">{t.anyHostHelp}</p>}
      {STORES.includes(stored.type) && <StoreReference id={stored.id} />}
      <ConnectPanel credential={stored} isChanged={isChanged} />
      {change.error && !isSaid && (
        <p role="alert" className="rounded-md bg-bad-soft px-3 py-2 text-bad text-sm">
          {inWords(change.error)}
        </p>
      )}
      <Field label={t.name} required help={t.nameHelp} error={tried && !name.trim() ? t.required : ofName}>
        {(ids) => <Input {...ids} value={name} maxLength={100} onChange={(event) => setName(event.target.value)} />}
      </Field>
      <CredentialInputs
        type={type}
        values={values}
        kept={kept}
        again={secretsNeeded(refused)}
        missing={missing}
        refused={refused}
        onChange={(field, value) => setValues({ ...values, [field]: value })}
        onForget={(field) => setKept(new Set([...kept].filter((one) => one !== field)))}
      />
      <Field
        label={t.expires}
        help={stored.endsAt ? t.knownEnd(dateTime(stored.endsAt)) : t.expiresHelp}
        error={refused?.messageFor("expiresAt")}
      >
        {(ids) => (
          <Input
            {...ids}
            type="date"
            value={expires}
            max="9999-12-31"
            className="sm:w-44"
            onChange={(event) => setExpires(event.target.value)}
          />
        )}
      </Field>
      {isTestable(type) && (
        <TestCredential id={stored.id} isChanged={isChanged} isNext={isSaved} isStore={STORES.includes(stored.type)} />
      )}
      {!isSaved && !STORES.includes(stored.type) && <CredentialShares credential={stored} />}
      {!isSaved && <CredentialUses id={stored.id} />}
      <div className="flex justify-end gap-2 pt-2">
        <Button onClick={onClose}>{isDone ? strings.common.close : strings.common.cancel}</Button>
        <Button variant="primary" type="submit" busy={change.isPending}>
          {strings.common.save}
        </Button>
      </div>
    </form>
  );
}
