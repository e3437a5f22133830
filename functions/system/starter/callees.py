"""Workflows that something other than their own triggers may start: which version, which trigger, or why not."""

from dataclasses import dataclass
from typing import Any, Final, Literal
from uuid import UUID

from stepweave.expressions.variables import variables_read
from stepweave.model.environments import PRODUCTION
from stepweave.spec.called import Input, InputsInvalid, inputs_of
from stepweave_data.link import Connection, Link

_WORKFLOW: Final = """
SELECT w.name, coalesce(l.enabled, true), v.number, v.document, m.machine_type, m.state_machine_arn, m.version_arn
FROM workflows w
LEFT JOIN workflow_live l ON l.workflow_id = w.id AND l.environment = %s
LEFT JOIN workflow_versions v ON v.workflow_id = w.id AND v.number = l.version
LEFT JOIN compiled_machines m ON m.workflow_id = w.id AND m.compiled_hash = v.compiled_hash
WHERE w.id = %s AND w.deleted_at IS NULL AND (%s::uuid IS NULL OR EXISTS (
  SELECT 1 FROM workflows caller WHERE caller.id = %s AND (caller.project_id = w.project_id OR EXISTS (
    SELECT 1 FROM workflow_shares s LEFT JOIN roles r ON r.id = s.role_id
    WHERE s.workflow_id = w.id AND s.project_id = caller.project_id
      AND CASE s.role WHEN 'viewer' THEN false WHEN 'custom' THEN 'executions.run' = ANY (r.permissions)
          ELSE true END))))
"""
"""A workflow is called by those of its own project, and of projects that it is shared with to be run (ADR 58). An ask
of the editor is of no workflow: the API knows what its caller sees."""
_OFF: Final = "SELECT 1 FROM trigger_switches WHERE workflow_id = %s AND node_id = %s"
TriggerType = Literal["workflow_trigger", "error_trigger"]
_TRIGGER_NAMES: Final[dict[TriggerType, str]] = {
    "workflow_trigger": "Called by a workflow",
    "error_trigger": "When a workflow fails",
}


class Refused(Exception):
    """Nothing is started. `type` is the error's class name for whoever called."""

    def __init__(self, type: str, message: str, remedy: str = "", details: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.type = type
        self.message = message
        self.remedy = remedy
        self.details = details or {}

    @property
    def answer(self) -> dict[str, Any]:
        """What the caller is told."""
        refused: dict[str, Any] = {"type": self.type, "message": self.message, "remedy": self.remedy}
        return {"refused": {**refused, "details": self.details} if self.details else refused}


@dataclass(frozen=True, slots=True)
class Callee:
    """A published workflow and the trigger at which it starts."""

    target: dict[str, Any]
    node_id: str
    params: dict[str, Any]

    @property
    def name(self) -> str:
        """The workflow's name."""
        return str(self.target["workflow_name"])

    @property
    def zone(self) -> str:
        """The workflow's time zone."""
        return str(self.target["time_zone"])

    def inputs(self) -> list[Input]:
        """Return what it expects of who calls it. Raises Refused where that makes no sense."""
        try:
            return inputs_of(self.params, self.zone)
        except InputsInvalid as error:
            words = f"What {self.name!r} expects cannot be read: {error.message}."
            raise Refused("WorkflowNotCallable", words, "Correct its trigger, and publish it.") from None


def find(
    connection: Connection,
    tenant_id: str,
    caller_id: str,
    workflow_id: str,
    trigger: TriggerType,
    environment: str = PRODUCTION,
) -> Callee:
    """Return what is live of a workflow of the transaction's tenant, which the workflow `caller_id` starts.

    What is called runs where its caller runs, or not at all: a test must not do something in production.

    Raises:
        Refused: it is not there or not for the caller, not published, paused, or has no such trigger.
    """
    row = connection.execute(
        _WORKFLOW.encode(), (environment, _uuid(workflow_id), caller_id or None, caller_id or None)
    ).fetchone()
    if row is None:
        raise _unknown()
    name, enabled, number, document, machine_type, machine_arn, version_arn = row
    if number is None and environment != PRODUCTION:
        words = f"No version of the workflow {name!r} is live in the environment {environment!r}."
        raise Refused("WorkflowNotCallable", words, "Make one live there, too.")
    if number is None or machine_arn is None:
        raise Refused("WorkflowNotCallable", f"The workflow {name!r} is not published.", "Publish it.")
    if not enabled:
        raise Refused("WorkflowNotCallable", f"The workflow {name!r} is paused.", "Switch it on.")
    nodes = (node for node in document.get("nodes", ()) if node["type"] == trigger)
    node = next((node for node in nodes if not node.get("settings", {}).get("disabled")), None)
    if (
        node is not None
        and environment == PRODUCTION
        and connection.execute(_OFF.encode(), (workflow_id, node["id"])).fetchone() is not None
    ):
        words = f"“{node['name']}” of the workflow {name!r} is switched off."
        raise Refused("WorkflowNotCallable", words, "Switch the trigger on.")
    if node is None:
        words = f"The published version of {name!r} does not begin with “{_TRIGGER_NAMES[trigger]}”."
        raise Refused("WorkflowNotCallable", words, "Add that trigger to it, and publish it.")
    target = {
        "tenant_id": tenant_id,
        "workflow_id": workflow_id,
        "workflow_name": name,
        "workflow_version": number,
        "machine_arn": f"{machine_arn}:live" if environment == PRODUCTION else version_arn,
        "machine_type": "express" if machine_type == "express" else "standard",
        "time_zone": document.get("settings", {}).get("timeZone", "UTC"),
        "concurrency": document.get("settings", {}).get("concurrency"),
        "environment": environment,
        "variables": sorted(variables_read(document.get("nodes", ())).names),
    }
    return Callee(target, node["id"], node.get("params", {}))


def inputs_told(link: Link, tenant_id: str, caller_id: str, workflow_id: str) -> dict[str, Any]:
    """Return what a workflow expects of who calls it, `{"workflowName", "inputs"}`, or `{"refused": ...}`.

    `caller_id` is the workflow that would call it; empty for an ask of the editor.
    """
    try:
        found = link.tenant(tenant_id, lambda it: find(it, tenant_id, caller_id, workflow_id, "workflow_trigger"))
        return {"workflowName": found.name, "inputs": [one.to_json() for one in found.inputs()]}
    except Refused as refused:
        return refused.answer


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise _unknown() from None


def _unknown() -> Refused:
    words = "There is no such workflow in this project, or shared with it to be run."
    return Refused("WorkflowNotFound", words, "Choose another workflow; this one may have been deleted or moved.")
