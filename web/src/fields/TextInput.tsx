import type { Json } from "../graph/document";
import { hasExpression } from "../graph/references";
import { Input } from "../ui/Form";
import { ExpressionInput } from "./ExpressionInput";

interface TextInputProps {
  label: string;
  placeholder?: string | undefined;
  value: Json;
  invalid: boolean;
  onChange(value: string): void;
}

/** A text cell of a list: plain, and an expression editor as soon as it holds `{{`. */
export function TextInput({ label, placeholder, value, invalid, onChange }: TextInputProps) {
  const text = typeof value === "string" ? value : value === undefined || value === null ? "" : JSON.stringify(value);
  if (hasExpression(text)) return <ExpressionInput label={label} value={text} onChange={onChange} />;
  return (
    <Input
      aria-label={label}
      aria-invalid={invalid || undefined}
      placeholder={placeholder}
      value={text}
      spellCheck={false}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
