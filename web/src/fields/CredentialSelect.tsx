import { Pencil, Plus } from "lucide-react";
import { useState } from "react";
import { useProjectHere } from "../api/projects";
import { useCredentials, useCredentialTypes } from "../api/queries";
import type { Credential } from "../api/types";
import { strings } from "../strings";
import { IconButton } from "../ui/Button";
import { Select } from "../ui/Select";
import { CredentialDialog } from "./CredentialDialog";
import { connectionOf } from "./connecting";
import type { ControlIds } from "./controls";
import { ANY_TYPE, takenTypes } from "./credentialTypes";
import { EditCredentialDialog } from "./EditCredentialDialog";

const labelOf = (entry: Credential): string => {
  const connection = connectionOf(entry);
  return connection && connection !== "connected"
    ? `${entry.name} (${strings.oauth2.states[connection].toLowerCase()})`
    : entry.name;
};

interface CredentialSelectProps {
  ids: ControlIds;
  /** None for any. */
  types: readonly string[];
  value: string;
  onChange(id: string): void;
}

/** Chooses a credential of some types, or makes a new one without leaving the form. */
export function CredentialSelect({ ids, types, value, onChange }: CredentialSelectProps) {
  const query = useCredentials();
  const [creating, setCreating] = useState(false);
  const [editing, setEditing] = useState(false);
  const known = useCredentialTypes();
  const taken = types.includes(ANY_TYPE) ? takenTypes(known.data ?? [], types).map(({ type }) => type) : types;
  // A workflow uses credentials of its own project, and those that are shared with it.
  const here = useProjectHere();
  const usable = (entry: Credential) =>
    !here || !entry.mine || entry.projectId === here || entry.sharedWith.includes(here);
  const mine = (query.data ?? []).filter((entry) => usable(entry) || entry.id === value);
  const fitting = mine.filter((entry) => !types.length || taken.includes(entry.type));
  const chosen = fitting.find((entry) => entry.id === value);
  const foreign = chosen !== undefined && !usable(chosen);
  const gone = query.isSuccess && known.isSuccess && value !== "" && !chosen;
  const options = fitting.map((entry) => ({ value: entry.id, label: labelOf(entry) }));
  const t = strings.fields;
  return (
    <>
      <div className="flex gap-1.5">
        <Select
          {...ids}
          value={value}
          onChange={onChange}
          disabled={query.isPending}
          empty={query.isError ? t.credentialsFailed : t.noCredentialYet}
          placeholder={query.isError ? t.credentialsFailed : t.pickCredential}
          options={gone ? [...options, { value, label: t.missingCredential }] : options}
          className="min-w-0"
        />
        {chosen?.mine && (
          <IconButton
            label={strings.credentials.edit(chosen.name)}
            onClick={() => setEditing(true)}
            className="border border-line-strong"
          >
            <Pencil size={14} />
          </IconButton>
        )}
        <IconButton label={t.newCredential} onClick={() => setCreating(true)} className="border border-line-strong">
          <Plus size={15} />
        </IconButton>
      </div>
      {foreign && (
        <p role="alert" className="mt-1 text-bad text-xs">
          {strings.projects.foreignCredential(chosen.name)}
        </p>
      )}
      {editing && chosen && <EditCredentialDialog credential={chosen} onClose={() => setEditing(false)} />}
      {creating && (
        <CredentialDialog only={types} onClose={() => setCreating(false)} onCreated={({ id }) => onChange(id)} />
      )}
    </>
  );
}
