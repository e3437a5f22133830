import { useMemo } from "react";
import { strings } from "../strings";
import { Select } from "../ui/Select";
import type { ControlIds } from "./controls";

interface TimeZoneSelectProps {
  ids?: ControlIds;
  /** Its name, where no label stands beside it. */
  label?: string;
  value: string;
  onChange(value: string): void;
  /** What an empty value stands for; without it the zone must be chosen. */
  emptyLabel?: string | null;
}

export function TimeZoneSelect({
  ids,
  label,
  value,
  onChange,
  emptyLabel = strings.fields.workflowZone,
}: TimeZoneSelectProps) {
  const options = useMemo(() => {
    const zones = ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];
    const known = zones.map((zone) => ({ value: zone, label: zone.replaceAll("_", " ") }));
    return emptyLabel === null ? known : [{ value: "", label: emptyLabel }, ...known];
  }, [emptyLabel]);
  return <Select {...ids} label={label} value={value} onChange={onChange} options={options} />;
}
