import { lazy, Suspense, useEffect, useState } from "react";
import type { Json } from "../graph/document";
import type { Field as FieldSpec } from "../graph/visible";
import { strings } from "../strings";
import { Input, Textarea } from "../ui/Form";
import { patient } from "../ui/patient";
import { Select } from "../ui/Select";
import { Skeleton } from "../ui/States";
import { CredentialSelect } from "./CredentialSelect";
import { CronField } from "./CronField";
import { jsonText, jsonValue } from "./json";
import { PortInput } from "./PortInput";
import { TimeZoneSelect } from "./TimeZoneSelect";
import { WorkflowSelect } from "./WorkflowSelect";

const CodeEditor = lazy(() => patient(() => import("./CodeEditor").then((module) => ({ default: module.CodeEditor }))));

export interface ControlIds {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
}

interface ControlProps {
  ids: ControlIds;
  field: FieldSpec;
  value: Json;
  /** Where code is wrong, in code points. */
  wrongAt: number | null;
  onChange(value: Json): void;
}

/** The control that a field of this kind is filled in with, for a fixed value. */
export function Control({ ids, field, value, wrongAt, onChange }: ControlProps) {
  const { ui, title, schema } = field;
  const text = typeof value === "string" ? value : value === undefined || value === null ? "" : JSON.stringify(value);
  switch (ui.kind) {
    case "select":
      return <Select {...ids} value={text} onChange={onChange} options={ui.options ?? []} />;
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
          onChange={onChange}
        />
      );
    case "json":
      return <JsonInput title={title} value={value} placeholder={ui.placeholder} onChange={onChange} />;
    case "workflow":
      return <WorkflowSelect ids={ids} value={text} onChange={onChange} />;
    case "credential":
      return <CredentialSelect ids={ids} type={ui.credential} value={text} onChange={onChange} />;
    case "cron":
      return <CronField ids={ids} value={text} placeholder={ui.placeholder} onChange={onChange} />;
    case "timeZone":
      return <TimeZoneSelect ids={ids} value={text} onChange={onChange} />;
    case "port":
      return <PortInput ids={ids} value={value} placeholder={ui.placeholder} onChange={onChange} />;
    default:
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

interface CodeProps {
  label: string;
  language: string;
  value: string;
  placeholder?: string | undefined;
  wrongAt?: number | null;
  onChange(value: string): void;
}

function Code(props: CodeProps) {
  return (
    <Suspense fallback={<Skeleton className="h-32 w-full" />}>
      <CodeEditor {...props} />
    </Suspense>
  );
}

interface NumberInputProps {
  ids: ControlIds;
  value: Json;
  placeholder?: string | undefined;
  schema: FieldSpec["schema"];
  onChange(value: Json): void;
}

function NumberInput({ ids, value, placeholder, schema, onChange }: NumberInputProps) {
  return (
    <Input
      {...ids}
      type="number"
      inputMode="decimal"
      step={schema.type === "integer" ? 1 : "any"}
      min={schema.minimum}
      max={schema.maximum}
      value={typeof value === "number" ? value : ""}
      placeholder={placeholder}
      onChange={(event) => onChange(Number.isNaN(event.target.valueAsNumber) ? undefined : event.target.valueAsNumber)}
    />
  );
}

interface JsonInputProps {
  title: string;
  value: Json;
  placeholder?: string | undefined;
  onChange(value: Json): void;
}

/** JSON as text. What is not JSON yet is kept as it was typed, so that nothing is lost. */
function JsonInput({ title, value, placeholder, onChange }: JsonInputProps) {
  const [text, setText] = useState(() => jsonText(value));
  useEffect(() => {
    // Undo, or somebody else's version: what is shown follows unless it says the same already.
    setText((shown) =>
      JSON.stringify(jsonValue(shown)) === JSON.stringify(value ?? undefined) ? shown : jsonText(value),
    );
  }, [value]);
  return (
    <Code
      label={strings.fields.codeLabel(title)}
      language="json"
      value={text}
      placeholder={placeholder}
      onChange={(next) => {
        setText(next);
        onChange(jsonValue(next));
      }}
    />
  );
}
