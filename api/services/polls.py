"""Published triggers that poll: how they fare."""

from dataclasses import dataclass

from api.repositories.rows import rows_of
from api.services.schedules import node_name
from api.services.tokens import Principal
from stepweave_data.models import Execution, Registration, Workflow


@dataclass(frozen=True)
class Listed:
    """A trigger that polls with its workflow, and the execution it started last."""

    poll: Registration
    workflow: Workflow
    node_name: str
    last: Execution | None


def list_polls(principal: Principal) -> list[Listed]:
    """Return all triggers of a tenant that poll: those that fail first, then by workflow and node."""
    with rows_of(principal.tenant_id) as rows:
        known = rows.polls.all()
        executions = rows.executions.some([last for *_, last in known if last is not None])
    found = [
        Listed(poll, workflow, node_name(document, poll.node_id), executions.get(last) if last is not None else None)
        for poll, workflow, document, last in known
    ]
    return sorted(found, key=lambda one: (not one.poll.failures, one.workflow.name, one.node_name, str(one.poll.id)))
