import { useProjects } from "../api/projects";
import { strings } from "../strings";
import { Field } from "../ui/Form";
import { Select } from "../ui/Select";

interface ProjectFieldProps {
  /** What one must be allowed to do in a project for it to be offered. */
  permission: string;
  value: string;
  onChange(id: string): void;
  error?: string | undefined;
}

/** The projects in which one may do something, the one of all members first. */
export const useProjectsWhere = (permission: string) =>
  (useProjects().data ?? []).filter((one) => (one.permissions as readonly string[]).includes(permission));

/** Chooses a project; nothing where there is only one. */
export function ProjectField({ permission, value, onChange, error }: ProjectFieldProps) {
  const projects = useProjectsWhere(permission);
  if (projects.length < 2) return null;
  return (
    <Field label={strings.projects.project} error={error}>
      {(ids) => (
        <Select
          {...ids}
          value={value || (projects[0]?.id ?? "")}
          onChange={onChange}
          options={projects.map(({ id, name }) => ({ value: id, label: name }))}
        />
      )}
    </Field>
  );
}
