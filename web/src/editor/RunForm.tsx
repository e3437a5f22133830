import { strings } from "../strings";
import { Field, Input, Textarea } from "../ui/Form";
import { Select } from "../ui/Select";
import { Switch } from "../ui/Switch";
import { type InputField, inputValue } from "./triggers";

const t = strings.editor;

interface RunFormProps {
  fields: readonly InputField[];
  texts: Readonly<Record<string, string>>;
  /** Whether what is missing or wrong is told, as after a first try. */
  telling: boolean;
  onChange(name: string, text: string): void;
}

/** What a manual trigger asks for, a control of its type for each field. */
export function RunForm({ fields, texts, telling, onChange }: RunFormProps) {
  return (
    <div className="space-y-3">
      {fields.map((field) => {
        const text = texts[field.name] ?? "";
        const read = inputValue(field, text);
        const error = telling && "wrong" in read ? t.inputWrong[read.wrong] : undefined;
        const change = (next: string) => onChange(field.name, next);
        return (
          <Field key={field.name} label={field.label} required={field.required} error={error}>
            {(ids) => {
              switch (field.type) {
                case "boolean":
                  return <Switch {...ids} checked={text === "true"} onChange={(on) => change(String(on))} />;
                case "choice":
                  return (
                    <Select
                      {...ids}
                      value={text}
                      placeholder={t.inputChoose}
                      onChange={change}
                      options={field.options.map((one) => ({ value: one, label: one }))}
                    />
                  );
                case "json":
                  return (
                    <Textarea
                      {...ids}
                      className="font-mono"
                      spellCheck={false}
                      value={text}
                      onChange={(event) => change(event.target.value)}
                    />
                  );
                default:
                  return (
                    <Input
                      {...ids}
                      type={field.type === "date" ? "date" : "text"}
                      inputMode={field.type === "number" ? "decimal" : undefined}
                      value={text}
                      onChange={(event) => change(event.target.value)}
                    />
                  );
              }
            }}
          </Field>
        );
      })}
    </div>
  );
}
