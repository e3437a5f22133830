import { type FormEvent, useState } from "react";
import { ApiError } from "../api/problem";
import { useProjectHere } from "../api/projects";
import { useCreateCredential, useCredentials, useCredentialTypes } from "../api/queries";
import type { Credential } from "../api/types";
import type { CredentialType } from "../graph/catalogue";
import { strings } from "../strings";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Field, Input } from "../ui/Form";
import { inWords } from "../ui/message";
import { Select } from "../ui/Select";
import { Failed, LoadingRows } from "../ui/States";
import { toast } from "../ui/toasts";
import { ConnectPanel, RedirectUrl } from "./ConnectPanel";
import { CredentialInputs } from "./CredentialInputs";
import { connectionOf, needsPerson } from "./connecting";
import { canBeTested, credentialData, initialValues, missingFields, takenTypes } from "./credentialTypes";
import { EditCredentialDialog } from "./EditCredentialDialog";
import { ProjectField, useProjectsWhere } from "./ProjectField";
import { TestCredential } from "./TestCredential";
import { useFocusOnWrong } from "./useFocusOnWrong";

const t = strings.credentials;

interface CredentialDialogProps {
  /** The types that a node takes; where there are several, or none are given, people choose in the dialog. */
  only?: readonly string[];
  onClose(): void;
  onCreated?(credential: Credential): void;
}

export function CredentialDialog(props: CredentialDialogProps) {
  const types = useCredentialTypes();
  const [created, setCreated] = useState<Credential | null>(null);
  if (created && connectionOf(created)) return <CreatedDialog created={created} onClose={props.onClose} />;
  if (created) return <EditCredentialDialog credential={created} isNew onClose={props.onClose} />;
  return (
    <Dialog open onOpenChange={(open) => !open && props.onClose()} title={t.create} description={t.intro}>
      {types.isPending && <LoadingRows rows={3} />}
      {types.isError && <Failed error={types.error} onRetry={() => void types.refetch()} />}
      {types.data && <CreateForm {...props} types={takenTypes(types.data, props.only)} onGoOn={setCreated} />}
    </Dialog>
  );
}

interface CreateFormProps extends CredentialDialogProps {
  types: readonly CredentialType[];
  /** Saved, and to be connected by a person, or tried out. */
  onGoOn(credential: Credential): void;
}

/** What is left to do for a new credential: connecting it, and trying it out. */
function CreatedDialog({ created, onClose }: { created: Credential; onClose(): void }) {
  const fresh = useCredentials().data?.find(({ id }) => id === created.id) ?? created;
  const isConnected = fresh.connection === "connected";
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={strings.oauth2.createdTitle(created.name)}
      description={strings.oauth2.createdText}
      footer={
        <Button variant={isConnected ? "primary" : "secondary"} onClick={onClose}>
          {isConnected ? strings.common.close : strings.oauth2.later}
        </Button>
      }
    >
      <ConnectPanel credential={fresh} />
      {isConnected && (
        <div className="pt-3">
          <TestCredential id={fresh.id} isChanged={false} />
        </div>
      )}
    </Dialog>
  );
}

function CreateForm({ types, onClose, onCreated, onGoOn }: CreateFormProps) {
  const [chosen, setChosen] = useState(types[0]?.type ?? "");
  const type = types.find((entry) => entry.type === chosen);
  const [name, setName] = useState("");
  const [values, setValues] = useState(() => initialValues(type));
  const [tried, setTried] = useState(false);
  const projects = useProjectsWhere("credentials.write");
  const [project, setProject] = useState(useProjectHere() ?? "");
  const place = project || projects[0]?.id;
  const create = useCreateCredential();
  const missing = tried ? missingFields(type, values) : [];
  const refused = create.error instanceof ApiError ? create.error : null;
  const [form, lookAgain] = useFocusOnWrong(create.error);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    // The dialog may be opened from within another form.
    event.stopPropagation();
    setTried(true);
    if (!name.trim() || missingFields(type, values).length > 0) return lookAgain();
    create.mutate(
      { name: name.trim(), type: chosen, data: credentialData(type, values), ...(place ? { projectId: place } : {}) },
      {
        onSuccess: (credential) => {
          toast({ tone: "ok", title: t.created(credential.name) });
          onCreated?.(credential);
          if (connectionOf(credential) || canBeTested(type, values)) onGoOn(credential);
          else onClose();
        },
      },
    );
  };
  const choose = (next: string) => {
    setChosen(next);
    setValues(initialValues(types.find((entry) => entry.type === next)));
    setTried(false);
  };

  return (
    <form ref={form} onSubmit={submit} noValidate className="space-y-3 pb-3">
      {create.error && refused?.fields.length === 0 && (
        <p role="alert" className="rounded-md bg-bad-soft px-3 py-2 text-bad text-sm">
          {inWords(create.error)}
        </p>
      )}
      {types.length > 1 && (
        <Field label={t.type}>
          {(ids) => (
            <Select
              {...ids}
              value={chosen}
              onChange={choose}
              options={types.map((entry) => ({ value: entry.type, label: entry.name }))}
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
          <Input {...ids} value={name} maxLength={100} onChange={(event) => setName(event.target.value)} autoFocus />
        )}
      </Field>
      <ProjectField permission="credentials.write" value={place ?? ""} onChange={setProject} />
      <CredentialInputs
        type={type}
        values={values}
        missing={missing}
        refused={refused}
        onChange={(field, value) => setValues({ ...values, [field]: value })}
      />
      {needsPerson(type) && <RedirectUrl />}
      <div className="flex justify-end gap-2 pt-2">
        <Button onClick={onClose}>{strings.common.cancel}</Button>
        <Button variant="primary" type="submit" busy={create.isPending}>
          {strings.common.save}
        </Button>
      </div>
    </form>
  );
}
