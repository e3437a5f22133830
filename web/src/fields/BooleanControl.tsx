import type { ReactNode } from "react";
import { Notes } from "../ui/Form";
import { Switch } from "../ui/Switch";
import type { RowProps } from "./rowProps";

interface BooleanControlProps extends RowProps {
  aside: ReactNode;
}

/** A switch with its words to its left. */
export function BooleanControl({ field, value, error, aside, onChange }: BooleanControlProps) {
  return (
    <div className="flex items-start gap-2">
      <div className="min-w-0 flex-1">
        <div className="font-medium text-xs">{field.title}</div>
        <Notes error={error} help={field.ui.help} />
      </div>
      {aside}
      <Switch label={field.title} checked={value === true} onChange={onChange} />
    </div>
  );
}
