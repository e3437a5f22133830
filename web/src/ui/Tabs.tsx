import { Tabs as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { cx } from "./cx";

export interface TabEntry {
  value: string;
  label: ReactNode;
  content: ReactNode;
}

interface TabsProps {
  value: string;
  onChange(value: string): void;
  tabs: TabEntry[];
  label: string;
  aside?: ReactNode;
  className?: string;
}

export function Tabs({ value, onChange, tabs, label, aside, className }: TabsProps) {
  return (
    <Radix.Root value={value} onValueChange={onChange} className={cx("flex min-h-0 flex-1 flex-col", className)}>
      <div className="flex items-center gap-2 border-line border-b px-3">
        <Radix.List aria-label={label} className="flex min-w-0 flex-1 gap-1 overflow-x-auto">
          {tabs.map((tab) => (
            <Radix.Trigger
              key={tab.value}
              value={tab.value}
              className="-outline-offset-2 -mb-px flex items-center gap-1.5 whitespace-nowrap border-transparent border-b-2 px-2 py-2 font-medium text-ink-3 text-xs transition-colors hover:text-ink data-[state=active]:border-accent data-[state=active]:text-ink"
            >
              {tab.label}
            </Radix.Trigger>
          ))}
        </Radix.List>
        {aside}
      </div>
      {tabs.map((tab) => (
        <Radix.Content key={tab.value} value={tab.value} className="-outline-offset-2 flex min-h-0 flex-1 flex-col">
          {tab.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
