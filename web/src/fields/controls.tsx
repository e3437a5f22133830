import { useState } from "react";
import type { Json } from "../graph/document";
import type { Field as FieldSpec } from "../graph/visible";
import { strings } from "../strings";
import { Input, Textarea } from "../ui/Form";
import { Select } from "../ui/Select";
import { Code } from "./Code";
import { CredentialSelect } from "./CredentialSelect";
import { CronField } from "./CronField";
import { JsonInput } from "./JsonInput";
import { OptionsInput } from "./options/OptionsInput";
import { PortInput } from "./PortInput";
import { textOf } from "./switching";
import { TimeZoneSelect } from "./TimeZoneSelect";
import { WorkflowSelect } from "./WorkflowSelect";

export interface ControlIds {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
}

interface ControlProps {
  ids: ControlIds;
  field: FieldSpec;
  value: Json;
  path: string;
  /** Where code is wrong, in code points. */
  wrongAt: number | null;
  onChange(value: Json): void;
}

/** The control that a field of this kind is filled in with, for a fixed value. */
export function Control({ ids, field, value, path, wrongAt, onChange }: ControlProps) {
  const { ui, title, schema } = field;
  const text = textOf(value);
  switch (ui.kind) {
    case "select":
      return (
        <Select
          {...ids}
          value={text}
          onChange={onChange}
          options={ui.options ?? []}
          placeholder={ui.placeholder ?? strings.fields.choose}
        />
      );
    case "number":
      return <NumberInput ids={ids} value={value} placeholder={ui.placeholder} schema={schema} onChange={onChange} />;
    case "multiline":
      return (
        <Textarea
          {...ids}
          value={text}
          placeholder={ui.placeholder}
          onChange={(event) => onChange(event.target.value)}
        />
      );
    case "code":
    case "sql":
      return (
        <Code
          label={strings.fields.codeLabel(title)}
          language={ui.kind === "sql" ? "sql" : (ui.language ?? "javascript")}
          value={text}
          placeholder={ui.placeholder}
          wrongAt={wrongAt}
          describedBy={ids["aria-describedby"]}
          invalid={ids["aria-invalid"]}
          onChange={onChange}
        />
      );
    case "json":
      return <JsonInput ids={ids} title={title} value={value} placeholder={ui.placeholder} onChange={onChange} />;
    case "workflow":
      return <WorkflowSelect ids={ids} value={text} onChange={onChange} />;
    case "credential":
      return <CredentialSelect ids={ids} types={[ui.credential ?? []].flat()} value={text} onChange={onChange} />;
    case "cron":
      return <CronField ids={ids} value={text} placeholder={ui.placeholder} onChange={onChange} />;
    case "timeZone":
      return (
        <TimeZoneSelect
          ids={ids}
          value={text}
          onChange={onChange}
          {...(ui.placeholder ? { emptyLabel: ui.placeholder } : {})}
        />
      );
    case "port":
      return <PortInput ids={ids} value={value} placeholder={ui.placeholder} onChange={onChange} />;
    default:
      if (ui.optionsFrom) return <OptionsInput ids={ids} field={field} path={path} value={text} onChange={onChange} />;
      return (
        <Input
          {...ids}
          value={text}
          placeholder={ui.placeholder}
          spellCheck={false}
          onChange={(event) => onChange(event.target.value)}
        />
      );
  }
}

interface NumberInputProps {
  ids: ControlIds;
  value: Json;
  placeholder?: string | undefined;
  schema: FieldSpec["schema"];
  onChange(value: Json): void;
}

/** A number. What is typed stays as it is typed: cleared, the field stands for its default, which is shown only later. */
function NumberInput({ ids, value, placeholder, schema, onChange }: NumberInputProps) {
  const [typed, setTyped] = useState<{ text: string; value: Json } | null>(null);
  const shown = typeof value === "number" ? String(value) : "";
  return (
    <Input
      {...ids}
      type="number"
      inputMode="decimal"
      step={schema.type === "integer" ? 1 : "any"}
      min={schema.minimum}
      max={schema.maximum}
      value={typed && Object.is(typed.value ?? schema.default, value) ? typed.text : shown}
      placeholder={placeholder}
      onChange={(event) => {
        const { value: text, valueAsNumber } = event.target;
        const next = Number.isNaN(valueAsNumber) ? undefined : valueAsNumber;
        setTyped({ text, value: next });
        onChange(next);
      }}
      onBlur={({ target }) => {
        // `5e` and `--` are no number and no value, but the browser would go on showing them.
        if (target.validity.badInput) target.value = "";
        setTyped(null);
      }}
    />
  );
}
