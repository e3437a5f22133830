import type { Said } from "../../api/endpoints";
import { strings } from "../../strings";
import { Field, Input, Textarea } from "../../ui/Form";

const t = strings.versions;

/** As much as the API keeps. */
const MOST_NAME = 80;
const MOST_NOTE = 2000;

interface SaidFieldsProps {
  said: Required<Said>;
  onChange(said: Required<Said>): void;
}

/** What people say of a version: its name and its note. */
export function SaidFields({ said, onChange }: SaidFieldsProps) {
  return (
    <>
      <Field label={t.name} help={t.nameHelp}>
        {(ids) => (
          <Input
            {...ids}
            value={said.name}
            maxLength={MOST_NAME}
            onChange={(event) => onChange({ ...said, name: event.target.value })}
          />
        )}
      </Field>
      <Field label={t.note} help={t.noteHelp}>
        {(ids) => (
          <Textarea
            {...ids}
            value={said.note}
            maxLength={MOST_NOTE}
            onChange={(event) => onChange({ ...said, note: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}
