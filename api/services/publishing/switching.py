"""Switching one trigger off: which one, and what keeps whether it is on."""

import uuid

from api import codes
from api.refusals import Refused
from api.repositories.rows import Rows
from api.services.compiling import triggers
from api.services.triggers import kind_of
from stepweave.model.workflow import Workflow as Document
from stepweave.spec.node import TriggerKind
from stepweave_data.models import Registration, Schedule, Workflow


def find(rows: Rows, workflow: Workflow, node_id: str) -> uuid.UUID | None:
    """Return the id of the schedule or poll of a trigger, which is paused; None for a trigger of another kind.

    Raises:
        Refused: `not_published`; `unknown_node` for what is no trigger of the published version, or a manual one.
    """
    version = rows.versions.find(workflow.id, workflow.published_version)
    if version is None:
        raise Refused(codes.NOT_PUBLISHED, f"{workflow.name!r} is a draft: none of its triggers is live.")
    node = next((one for one in triggers(Document.model_validate(version.document)) if one.id == node_id), None)
    if node is None or kind_of(node) == TriggerKind.MANUAL:
        raise Refused(codes.UNKNOWN_NODE, "There is no such trigger in the published version that starts by itself.")
    timed: list[Schedule | Registration] = [*rows.schedules.of(workflow.id), *rows.polls.of(workflow.id)]
    return next((row.id for row in timed if row.node_id == node_id), None)
