import { X } from "lucide-react";
import { useState } from "react";
import { useMembers } from "../../api/account";
import { useMoveWorkflow, useProjects, useShares, useShareWorkflow, useUnshareWorkflow } from "../../api/projects";
import type { WorkflowSummary } from "../../api/types";
import { strings } from "../../strings";
import { Button, IconButton } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Form";
import { Select } from "../../ui/Select";
import { Failed, LoadingRows } from "../../ui/States";
import { MoveDialog } from "../MoveDialog";
import { roleOf, tell, useProjectRoles } from "../settings/ProjectMembers";

const t = strings.projects;

interface Props {
  workflow: WorkflowSummary;
  onClose(): void;
}

/** Moves a workflow into another project. */
export function ProjectMoveDialog({ workflow, onClose }: Props) {
  const move = useMoveWorkflow();
  return (
    <MoveDialog
      name={workflow.name}
      text={t.moveText}
      from={workflow.projectId}
      permission="workflows.write"
      onMove={(projectId) => move.mutateAsync({ id: workflow.id, projectId })}
      onClose={onClose}
    />
  );
}

/** With whom a workflow is shared besides its project. */
export function ShareDialog({ workflow, onClose }: Props) {
  const shares = useShares(workflow.id);
  const share = useShareWorkflow();
  const unshare = useUnshareWorkflow();
  const members = useMembers().data ?? [];
  const projects = (useProjects().data ?? []).filter(({ id }) => id !== workflow.projectId);
  const roles = useProjectRoles(["manager"]);
  const [whom, setWhom] = useState("");
  const [role, setRole] = useState("viewer");
  const isProject = projects.some(({ id }) => id === whom);
  const add = () => {
    const given = roleOf(role) as { role: "viewer"; roleId: string | null };
    const body = { userId: isProject ? null : whom, projectId: isProject ? whom : null, ...given };
    share.mutate({ id: workflow.id, share: body }, { onError: tell, onSuccess: () => setWhom("") });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t.shareTitle(workflow.name)}
      description={t.shareText}
      footer={<Button onClick={onClose}>{strings.common.close}</Button>}
    >
      {shares.isPending && <LoadingRows rows={2} />}
      {shares.isError && <Failed error={shares.error} onRetry={() => void shares.refetch()} />}
      {shares.data?.length === 0 && <p className="pb-3 text-ink-2 text-sm">{t.shareNobody}</p>}
      {shares.data && shares.data.length > 0 && (
        <ul className="mb-3 divide-y divide-line border-line border-b">
          {shares.data.map((one) => {
            const name = one.name || t.hidden;
            return (
              <li key={one.id} className="flex items-center gap-2 py-2">
                <div className="min-w-0 flex-1">
                  <div className="truncate font-medium text-sm">{name}</div>
                  <div className="truncate text-ink-3 text-xs">{one.email ?? t.shareAll}</div>
                </div>
                <span className="text-ink-2 text-sm">{one.roleName ?? t.names[one.role]}</span>
                <IconButton
                  label={t.unshare(name)}
                  onClick={() => unshare.mutate({ id: workflow.id, share: one.id }, { onError: tell })}
                >
                  <X size={14} aria-hidden />
                </IconButton>
              </li>
            );
          })}
        </ul>
      )}
      <div className="space-y-3">
        <Field label={t.shareWith}>
          {(ids) => (
            <Select
              {...ids}
              value={whom}
              onChange={setWhom}
              placeholder={t.shareChoose}
              options={[
                ...members.map(({ id, name, email }) => ({ value: id, label: `${name} (${email})` })),
                ...projects.map(({ id, name }) => ({ value: id, label: `${name} (${t.shareAll})` })),
              ]}
            />
          )}
        </Field>
        <Field label={t.role} help={t.meaning[role]}>
          {(ids) => <Select {...ids} value={role} onChange={setRole} options={roles} />}
        </Field>
        <div className="flex justify-end pb-1">
          <Button busy={share.isPending} disabled={!whom} onClick={add}>
            {t.shareAction}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
