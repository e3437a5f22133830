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
    is_on: bool
    """Whether the workflow is switched on in the trigger's environment."""
    environment: str
    """The environment's name."""
    node_name: str
    last: Execution | None


def list_polls(principal: Principal) -> list[Listed]:
    """Return all triggers of a tenant that poll: those that fail first, then by workflow and node."""
    with rows_of(principal.tenant_id) as rows:
        known = rows.polls.all()
        executions = rows.executions.some([one.last for one in known if one.last is not None])
    found = [
        Listed(
            one.clock,
            one.workflow,
            one.is_on,
            one.environment,
            node_name(one.document, one.clock.node_id),
            executions.get(one.last) if one.last is not None else None,
        )
        for one in known
    ]
    return sorted(found, key=lambda one: (not one.poll.failures, one.workflow.name, one.node_name, str(one.poll.id)))
