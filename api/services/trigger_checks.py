"""Test calls of a published workflow's triggers: does a call arrive, and does it lead here? Nothing starts.

Webhooks, forms, chats and addresses of triggers with code are called at their production URL, by the way that everybody
takes, with a request that the function behind it knows as ours (`stepweave_data.hooks.probing`). Triggers that poll are
asked for one thing, and their cursor stays. Of schedules the next time is told.
"""

import json
import time
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from api import ports
from api.repositories.rows import rows_of
from api.services import triggers as states
from api.services import workflows
from api.services.compiling import triggers
from api.services.publishing.polling import poll_payload, polls
from api.services.publishing.webhooks import places_of
from api.services.tokens import Principal
from stepweave.aws import AwsError
from stepweave.aws.control.node_functions import AskFailed
from stepweave.model.workflow import Node
from stepweave.model.workflow import Workflow as Document
from stepweave.spec.node import TriggerKind
from stepweave_data.hooks import probing, requests
from stepweave_data.hooks.page_places import CHAT, FORM, Place
from stepweave_data.listening.registered import ROOM
from stepweave_data.oauth2.replies import NoReply, Reply

ASK_SECONDS: Final = 12.0
_AT_ONCE: Final = 8
_PARAMETER: Final = "test"
"""Stands for the parameters of a path."""
_STAYS: Final = {
    TriggerKind.MANUAL: "A person starts it.",
    TriggerKind.WORKFLOW: "Another workflow calls it.",
    TriggerKind.ERROR: "A failed execution of another workflow starts it.",
}
_PAGES: Final[Mapping[str, Place]] = {TriggerKind.FORM: FORM, TriggerKind.CHAT: CHAT}
_REDEPLOY: Final = "Publish again; if it stays so, the platform's operator must look at its public address."

Exchange = Callable[[str, str, Mapping[str, str]], Reply]
"""Sends a request (method, URL, headers). Raises NoReply."""


@dataclass(frozen=True)
class TriggerCheck:
    """What a test call found; fields as of `api.schemas.triggers.TriggerCheckResponse`."""

    node_id: str
    node_name: str
    kind: str
    outcome: str = "waits"
    address: str | None = None
    milliseconds: int | None = None
    message: str = ""
    remedy: str = ""
    next: datetime | None = None


@dataclass(frozen=True)
class _Address:
    """Where a trigger is called. `secret` ones are not told of."""

    method: str
    room: str
    path: str
    secret: bool = False


def _exchange(method: str, url: str, headers: Mapping[str, str]) -> Reply:
    from stepweave_data.oauth2.asking import ask  # it brings urllib3

    return ask(method, url, headers)


@dataclass(frozen=True)
class TriggerChecks:
    """Calls triggers of one deployment. `secret` gives what test calls are signed with."""

    functions: Callable[[], ports.NodeFunctions]
    secret: Callable[[], str]
    content_url: str
    exchange: Exchange = _exchange

    def all(self, principal: Principal, workflow_id: uuid.UUID) -> list[TriggerCheck]:
        """Call each trigger of the published version; none for a draft. Raises Refused (`not_found`)."""
        with rows_of(principal.tenant_id) as rows:
            workflow = workflows.find(rows, workflow_id)
            version = rows.versions.find(workflow_id, workflow.published_version)
            slug = rows.workflows.slug(principal.tenant_id)
            listening = {row.node_id: row.address for row in rows.registrations.active(workflow_id)}
            enabled = workflow.enabled
        if version is None:
            return []
        known = {one.node_id: one for one in states.list_triggers(principal, workflow_id)}
        nodes = triggers(Document.model_validate(version.document))

        def one(node: Node) -> TriggerCheck:
            state = known.get(node.id)
            it = TriggerCheck(
                node.id, node.name, states.kind_of(node), next=state.next[0] if state and state.next else None
            )
            if not enabled or (state is not None and not state.enabled):
                words = "The workflow is switched off." if not enabled else "The trigger is switched off."
                return replace(it, outcome="off", message=words, remedy="Switch it on, and test it again.")
            if polls(node):
                return self._polled(principal, workflow_id, node, it)
            address = _address_of(node, listening)
            if address is not None:
                return self._called(slug, str(workflow_id), address, it)
            return _waiting(it)

        with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="test-call") as pool:
            return list(pool.map(one, nodes))

    def _called(self, slug: str, workflow_id: str, at: _Address, it: TriggerCheck) -> TriggerCheck:
        url = f"{self.content_url.rstrip('/')}/{at.room}/{slug}/{quote(at.path, safe='/~')}"
        it = replace(it, address=None if at.secret else url)
        try:
            signed = probing.proof(self.secret(), at.room, slug, at.path, int(time.time()) + probing.SECONDS)
            begun = time.monotonic()
            reply = self.exchange(at.method, url, {probing.HEADER: signed, "accept": "application/json"})
        except NoReply as error:
            return replace(it, outcome="failed", message=f"No call arrives: {error}", remedy=_REDEPLOY)
        except AwsError as error:
            words = f"The call could not be signed ({error.code})."
            return replace(it, outcome="failed", message=words, remedy="Try again in a moment.")
        it = replace(it, milliseconds=round((time.monotonic() - begun) * 1000))
        told = _told(reply)
        if told is None:
            words = f"The address answers with status {reply.status}, and not as this platform does."
            return replace(it, outcome="failed", message=words, remedy=_REDEPLOY)
        if (told.get("workflowId"), told.get("nodeId")) != (workflow_id, it.node_id):
            words = "The address leads to another trigger."
            return replace(it, outcome="failed", message=words, remedy="Publish this workflow again.")
        return replace(it, outcome="answered", message="Calls arrive here.")

    def _polled(self, principal: Principal, workflow_id: uuid.UUID, node: Node, it: TriggerCheck) -> TriggerCheck:
        payload = poll_payload(principal.tenant_id, workflow_id, node, {"cursor": None, "first": False, "limit": 1})
        begun = time.monotonic()
        try:
            answer = self.functions().ask(node.type, node.version, payload, ASK_SECONDS, repeatable=True)
        except AskFailed as error:
            return replace(it, outcome="failed", message=error.message, remedy=error.remedy)
        except AwsError as error:
            words = f"Its function could not be asked ({error.code})."
            return replace(it, outcome="failed", message=words, remedy="Try again in a moment.")
        found = answer.get("items") if isinstance(answer, Mapping) else None
        if not isinstance(found, list):
            words, remedy = "Its answer has no items.", "This is a mistake in the node: report it with the node's type."
            return replace(it, outcome="failed", message=words, remedy=remedy)
        words = "The list answers." if found else "The list answers, and is empty."
        took = round((time.monotonic() - begun) * 1000)
        return replace(it, outcome="answered", milliseconds=took, message=words)


def _address_of(node: Node, listening: Mapping[str, str | None]) -> _Address | None:
    kind = states.kind_of(node)
    if kind == TriggerKind.WEBHOOK:
        method, path = places_of(node)[0]
        segments = [_PARAMETER if one.startswith(":") else one for one in path.split("/")]
        return _Address(method, requests.ROOM, "/".join(segments))
    if page := _PAGES.get(kind):
        return _Address("GET", page.room, str(node.params["path"]).strip("/"))
    address = listening.get(node.id)
    return _Address("POST", requests.ROOM, f"{ROOM}/{address}", secret=True) if address else None


def _waiting(it: TriggerCheck) -> TriggerCheck:
    if it.kind == TriggerKind.SCHEDULE:
        if it.next is not None:
            return replace(it, message="It starts by its clock.")
        words, remedy = "It does not fire any more.", "Give it a time that is to come."
        return replace(it, outcome="failed", message=words, remedy=remedy)
    if it.kind == TriggerKind.APP:
        words = "Its provider has not been told of it."
        return replace(it, outcome="failed", message=words, remedy="Publish the workflow again.")
    return replace(it, message=_STAYS.get(TriggerKind(it.kind), "") if it.kind else "")


def _told(reply: Reply) -> dict[str, Any] | None:
    """Return what the function behind an address says; None where another one answers."""
    if reply.status != 200:
        return None
    try:
        told = json.loads(reply.body)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) and "workflowId" in told else None
