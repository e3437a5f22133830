import { useEffect, useRef, useState } from "react";
import { Input } from "./Form";

interface SearchInputProps {
  /** What is looked for, as the address has it. */
  value: string;
  /** What it looks for is said to people and their readers. */
  label: string;
  /** Milliseconds without a key before it is told; at once without it. */
  pause?: number;
  onChange(value: string): void;
  className?: string;
}

/**
 * A field for what is looked for. While somebody types it shows what they typed: the address, which is where the value
 * comes from, lags behind quick fingers, and would take letters away.
 */
export function SearchInput({ value, label, pause = 0, onChange, className }: SearchInputProps) {
  const [typed, setTyped] = useState<string>();
  const tell = useRef(onChange);
  tell.current = onChange;
  useEffect(() => {
    if (typed === undefined || pause === 0) return;
    const timer = setTimeout(() => tell.current(typed), pause);
    return () => clearTimeout(timer);
  }, [typed, pause]);
  return (
    <Input
      type="search"
      aria-label={label}
      placeholder={label}
      value={typed ?? value}
      maxLength={200}
      onChange={(event) => {
        setTyped(event.target.value);
        if (pause === 0) onChange(event.target.value);
      }}
      onBlur={() => {
        if (pause > 0 && typed !== undefined) onChange(typed);
        setTyped(undefined);
      }}
      className={className}
    />
  );
}
