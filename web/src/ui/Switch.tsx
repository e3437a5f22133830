import { Switch as Radix } from "radix-ui";

interface SwitchProps {
  id?: string | undefined;
  checked: boolean;
  onChange(checked: boolean): void;
  label?: string | undefined;
  "aria-describedby"?: string | undefined;
}

export function Switch({ id, checked, onChange, label, ...aria }: SwitchProps) {
  return (
    <Radix.Root
      id={id}
      checked={checked}
      onCheckedChange={onChange}
      aria-label={label}
      {...aria}
      className="relative inline-flex h-[18px] w-8 shrink-0 items-center rounded-full bg-line-strong transition-colors focus-visible:outline-2 focus-visible:outline-accent data-[state=checked]:bg-accent"
    >
      <Radix.Thumb className="block size-3.5 translate-x-0.5 rounded-full bg-surface shadow-xs transition-transform data-[state=checked]:translate-x-[15px]" />
    </Radix.Root>
  );
}
