"""A workflow's triggers that poll: asked once when they go live, so that what is there already is not new."""

import json
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Final

from api import codes, ports
from api.refusals import Refused
from api.repositories.rows import Rows, rows_of
from api.services.compiling import catalogue, triggers
from api.services.publishing.schedules import Clock
from api.services.publishing.trigger_refusals import refused, unavailable
from stepweave.aws import AwsError
from stepweave.aws.control.node_functions import AskFailed
from stepweave.model.workflow import Node
from stepweave.model.workflow import Workflow as Document
from stepweave.spec.node import TriggerKind
from stepweave_data.history.stored_json import json_text
from stepweave_data.listening.registered import is_unsure, new_address
from stepweave_data.models import Registration, Workflow

ALL_SECONDS: Final = 16.0
"""For all of a publish: the API's function ends after 29 s."""
MOST_CURSOR_BYTES: Final = 256 * 1024
_CLAIM_TRIES: Final = 10
_CLAIM_PAUSE: Final = 0.3
_DEFAULT_MINUTES: Final = 5


@dataclass(frozen=True)
class Watch:
    """A trigger that polls, as it is to be live.

    Attributes:
        clock: of its registration, whose id it has.
        node: of the document.
        claim: keeps others from polling a registration that changes; None for one that stays, or is new.
        asked: the cursor that it begins with, in a list of one; None for one that stays.
    """

    clock: Clock
    node: Node
    claim: uuid.UUID | None = None
    asked: list[Any] | None = None

    @property
    def id(self) -> uuid.UUID:
        """The registration's."""
        return self.clock.id


@dataclass(frozen=True)
class Polls:
    """Makes triggers that poll go live, for one tenant."""

    functions: Callable[[], ports.NodeFunctions]
    tenant_id: uuid.UUID
    ends: float = field(default_factory=lambda: time.monotonic() + ALL_SECONDS)

    def begin(
        self, workflow: Workflow, document: Document, former: Sequence[Registration], undo: ExitStack
    ) -> list[Watch]:
        """Ask what is there in each list, and keep others from polling what changes; `undo` lets them again.

        Args:
            workflow: whose.
            document: that goes live.
            former: what polls now.
            undo: the way back.

        Raises:
            Refused: `trigger_refused` or `trigger_unavailable`, with diagnostics that name node and field; `publishing`
                where one is being polled for longer than one waits.
        """
        known = {(row.node_id, row.type): row for row in former}
        nodes = [node for node in triggers(document, TriggerKind.APP) if polls(node)]
        return [self._begun(workflow, node, known.get((node.id, node.type)), undo) for node in nodes]

    def _begun(self, workflow: Workflow, node: Node, row: Registration | None, undo: ExitStack) -> Watch:
        if row is None:
            id = uuid.uuid4()
            clock = Clock(id, self.tenant_id, workflow.id, node.id, line_of(node), "UTC", (str(id),), True, polls=True)
            return Watch(clock, node, asked=[self._first(workflow, node, None)])
        clock = Clock.of_poll(row, line_of(node))
        if (row.version, row.params) == (node.version, node.params):
            return Watch(clock, node)
        claim = uuid.uuid4()
        cursor = self._claimed(row.id, claim)
        undo.callback(self._release, row.id, claim)
        return Watch(clock, node, claim, [self._first(workflow, node, cursor)])

    def _first(self, workflow: Workflow, node: Node, cursor: Any) -> Any:
        """Return the cursor that a node begins with. Raises Refused."""
        seconds = self.ends - time.monotonic()
        if seconds < 1:
            raise unavailable(node, "The lists took too long; nothing was published.", "Publish again.")
        given = {"cursor": cursor, "first": True, "limit": 0}
        payload = poll_payload(self.tenant_id, workflow.id, node, given)
        try:
            answer = self.functions().ask(node.type, node.version, payload, seconds, repeatable=True)
        except (AskFailed, AwsError) as error:
            if is_unsure(error) and not isinstance(error, AskFailed):
                raise unavailable(node, "Its function could not be asked.", "Publish again in a moment.") from None
            raise refused(node, error) from None
        if not isinstance(answer, Mapping) or answer.get("cursor") is None or answer.get("items"):
            wrong = {"type": "ResultInvalid", "message": "Its first answer is none: it has a cursor and no items."}
            raise refused(node, AskFailed(wrong))
        cursor_text = json_text(answer["cursor"])
        if len(cursor_text) > MOST_CURSOR_BYTES:
            raise refused(node, AskFailed({"type": "ResultInvalid", "message": "Its cursor is too large."}))
        return json.loads(cursor_text)

    def _claimed(self, id: uuid.UUID, claim: uuid.UUID) -> Any:
        """Keep others from polling, and return the cursor. Raises Refused (`publishing`)."""
        for _ in range(_CLAIM_TRIES):
            with rows_of(self.tenant_id) as rows:
                found = rows.polls.claim(id, claim)
            if found is not None:
                return found[0]
            time.sleep(_CLAIM_PAUSE)
        raise Refused(codes.PUBLISHING, "A trigger of the workflow is polling right now; publish again in a moment.")

    def _release(self, id: uuid.UUID, claim: uuid.UUID) -> None:
        with rows_of(self.tenant_id) as rows:
            rows.polls.release(id, claim)


def settle(rows: Rows, watches: Sequence[Watch], target: dict[str, Any]) -> None:
    """Make triggers live, within the transaction of a publish; those that are not to be are gone already (`drop`).

    Raises:
        Refused: `publishing`, where one was polled meanwhile.
    """
    for watch in watches:
        if not _settled(rows, watch, target):
            raise Refused(codes.PUBLISHING, "Publishing took too long, and was taken back; publish again.")


def _settled(rows: Rows, watch: Watch, target: dict[str, Any]) -> bool:
    clock, node = watch.clock, watch.node
    if watch.asked is None:
        return rows.polls.stay(watch.id, target)
    values = {
        "version": node.version,
        "params": node.params,
        "target": target,
        "expression": clock.expression,
        "names": list(clock.names),
    }
    if watch.claim is not None:
        return rows.polls.change(watch.id, watch.claim, watch.asked[0], **values)
    rows.add(
        Registration(
            id=watch.id,
            tenant_id=clock.tenant_id,
            workflow_id=clock.workflow_id,
            node_id=node.id,
            type=node.type,
            address=new_address(),
            status="active",
            environment=target["environment"],
            time_zone=clock.time_zone,
            cursor=watch.asked[0],
            **values,
        )
    )
    return True


def polls(node: Node) -> bool:
    """Whether a node is a trigger that polls."""
    entry = catalogue().get(node.type, node.version)
    return bool(entry and entry.listens and entry.listens.polls)


def poll_payload(tenant_id: uuid.UUID, workflow_id: uuid.UUID, node: Node, given: dict[str, Any]) -> dict[str, Any]:
    """Return what the function of a node is invoked with to poll (`stepweave.runtime.asks.AskPayload`)."""
    return {
        "ask": "poll",
        "tenantId": str(tenant_id),
        "workflowId": str(workflow_id),
        "node": {"id": node.id, "name": node.name, "type": node.type, "version": node.version},
        "params": node.params,
        "given": given,
    }


def line_of(node: Node) -> str:
    """Return how often a node polls, as a rate."""
    entry = catalogue().get(node.type, node.version)
    name = entry.listens.every if entry and entry.listens else ""
    fields = entry.params_schema.get("properties", {}) if entry else {}
    default = fields.get(name, {}).get("default", _DEFAULT_MINUTES)
    minutes = int(node.params.get(name, default))
    return f"rate({minutes} minute{'' if minutes == 1 else 's'})"
