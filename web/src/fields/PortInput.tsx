import { useEffect, useState } from "react";
import type { Json } from "../graph/document";
import { portName } from "../graph/ports";
import { isComposing } from "../ui/composing";
import { Input } from "../ui/Form";
import type { ControlIds } from "./controls";

interface PortInputProps {
  ids: ControlIds;
  value: Json;
  placeholder?: string | undefined;
  onChange(value: string): void;
}

/**
 * The name of an output port. It changes when one leaves the field: a name half typed would take the connections of
 * another port along. An empty one changes nothing.
 */
export function PortInput({ ids, value, placeholder, onChange }: PortInputProps) {
  const saved = typeof value === "string" ? value : "";
  const [text, setText] = useState(saved);
  useEffect(() => setText(saved), [saved]);
  const commit = () => {
    const name = portName(text) || saved;
    setText(name);
    if (name !== saved) onChange(name);
  };
  return (
    <Input
      {...ids}
      value={text}
      placeholder={placeholder}
      spellCheck={false}
      onChange={(event) => setText(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (isComposing(event)) return;
        if (event.key === "Enter") commit();
        if (event.key === "Escape") setText(saved);
      }}
    />
  );
}
