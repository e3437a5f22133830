import { Pencil, Plus, Trash2 } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { useMe } from "../../api/account";
import { type Project, useDeleteProject, useProjects, useSaveProject } from "../../api/projects";
import { strings } from "../../strings";
import { Button, IconButton } from "../../ui/Button";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { Dialog } from "../../ui/Dialog";
import { Field, Input } from "../../ui/Form";
import { messageOf } from "../../ui/message";
import { Failed, LoadingRows } from "../../ui/States";
import { PageFrame } from "../PageFrame";
import { ProjectMembers } from "./ProjectMembers";

const t = strings.projects;

/** `/settings/projects`: the projects that one is in, and who else is. */
export function ProjectsPage() {
  const projects = useProjects();
  const me = useMe();
  const [named, setNamed] = useState<Project | "new">();
  const [opened, setOpened] = useState<Project>();
  const [doomed, setDoomed] = useState<Project>();
  const remove = useDeleteProject();
  const keeps = me.data?.permissions.includes("projects.write") ?? false;
  return (
    <>
      <PageFrame
        title={t.title}
        back={{ to: "/settings", label: strings.people.back }}
        intro={t.intro}
        aside={
          keeps && (
            <Button variant="primary" icon={<Plus size={14} />} onClick={() => setNamed("new")}>
              {t.create}
            </Button>
          )
        }
      >
        {projects.isPending && <LoadingRows rows={3} />}
        {projects.isError && <Failed error={projects.error} onRetry={() => void projects.refetch()} />}
        {projects.data && (
          <ul className="divide-y divide-line">
            {projects.data.map((project) => {
              const manages = project.permissions.includes("projects.manage");
              return (
                <li key={project.id} className="flex flex-wrap items-center gap-x-3 gap-y-1.5 px-4 py-2.5">
                  <div className="min-w-0 grow basis-full sm:basis-0">
                    <div className="wrap-anywhere font-medium text-sm">{project.name}</div>
                    <div className="text-ink-3 text-xs">
                      {t.counts(project.workflows, project.credentials)}
                      {project.isDefault && ` · ${t.everybody}`}
                    </div>
                  </div>
                  <div className="flex items-center gap-1">
                    <Button onClick={() => setOpened(project)} aria-label={t.members(project.name)}>
                      {project.members > 0 ? `${t.people} (${project.members})` : t.people}
                    </Button>
                    {manages && (
                      <IconButton label={t.edit(project.name)} onClick={() => setNamed(project)}>
                        <Pencil size={14} aria-hidden />
                      </IconButton>
                    )}
                    {keeps && !project.isDefault && (
                      <IconButton label={t.delete(project.name)} onClick={() => setDoomed(project)}>
                        <Trash2 size={14} aria-hidden />
                      </IconButton>
                    )}
                    {keeps && project.isDefault && <span className="hidden w-8 sm:block" aria-hidden />}
                  </div>
                </li>
              );
            })}
          </ul>
        )}
      </PageFrame>
      {named && <NameDialog {...(named === "new" ? {} : { project: named })} onClose={() => setNamed(undefined)} />}
      {opened && <ProjectMembers project={opened} onClose={() => setOpened(undefined)} />}
      {doomed && (
        <ConfirmDialog
          title={t.deleteTitle(doomed.name)}
          text={t.deleteText}
          action={strings.common.delete}
          failed={t.notDeleted}
          onConfirm={() => remove.mutateAsync(doomed.id)}
          onClose={() => setDoomed(undefined)}
        />
      )}
    </>
  );
}

/** Makes a project, or calls one something else. */
function NameDialog({ project, onClose }: { project?: Project; onClose(): void }) {
  const [name, setName] = useState(project?.name ?? "");
  const [wrong, setWrong] = useState("");
  const save = useSaveProject();
  const form = useId();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setWrong("");
    try {
      await save.mutateAsync({ ...(project ? { id: project.id } : {}), name: name.trim() });
      onClose();
    } catch (error) {
      const { title, detail } = messageOf(error);
      setWrong(detail || title);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={project ? t.edit(project.name) : t.create}
      footer={
        <>
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button variant="primary" type="submit" form={form} busy={save.isPending} disabled={!name.trim()}>
            {strings.common.save}
          </Button>
        </>
      }
    >
      <form id={form} noValidate onSubmit={(event) => void submit(event)}>
        <Field label={t.name} required error={wrong || undefined}>
          {(ids) => (
            <Input {...ids} value={name} maxLength={80} autoFocus onChange={(event) => setName(event.target.value)} />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
