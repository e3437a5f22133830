"""Trying out a trigger with code: the newest things of a list that is polled, or the first event of a provider.

For an event the trigger of the draft is registered for `LISTEN_SECONDS`, beside what is live. The row is `joining` all
that time, so that the sweeper takes it away at the provider should nobody else.
"""

import time
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import redis

from api import codes, ports
from api.refusals import Refused
from api.repositories.rows import rows_of
from api.services import items, workflows
from api.services.compiling import catalogue, diagnose, is_form, is_webhook, read_document
from api.services.listening import hooks
from api.services.listening.heard import LISTEN_SECONDS, Heard
from api.services.publishing.fixed_addresses import keeps_address
from api.services.publishing.polling import poll_payload, polls
from api.services.publishing.registrations import Providers, registered
from api.services.publishing.trigger_refusals import refused, unavailable
from api.services.tokens import Principal
from stepweave.aws import AwsError
from stepweave.aws.control.node_functions import AskFailed
from stepweave.model.items import Item
from stepweave.model.polled import polled_items
from stepweave.model.workflow import Node
from stepweave_data.models import Workflow
from stepweave_data.vaulting import KeyService

SWEPT_AFTER: Final = 15
"""Seconds after the end, until when whoever listens takes the registration away; then the sweeper does."""
NEWEST: Final = 3
ASK_SECONDS: Final = 20.0


@dataclass(frozen=True)
class Listening:
    """Tries out triggers of one deployment."""

    functions: Callable[[], ports.NodeFunctions]
    keys: Callable[[], KeyService]
    storage: Callable[[], ports.Storage]
    redis: redis.Redis
    content_url: str

    def begin(self, principal: Principal, workflow_id: uuid.UUID, node_id: str) -> Heard:
        """Fetch the newest things, or have the provider tell of the next event.

        A webhook's test URL listens for the next call, a form's for the next that is sent.

        Raises:
            Refused: `not_found`; `unknown_node`, `cannot_listen`; `workflow_invalid`, `trigger_refused` or
                `trigger_unavailable`, with diagnostics of the node.
        """
        workflow = workflows.get_workflow(principal, workflow_id)
        node = _trigger(workflow, node_id)
        if is_webhook(node) or is_form(node):
            return hooks.begin(self.redis, principal, workflow, node)
        if polls(node):
            return Heard("heard", self._newest(principal, workflow, node))
        return self._registered(principal, workflow, node)

    def state(self, principal: Principal, workflow_id: uuid.UUID, id: uuid.UUID) -> Heard:
        """Return what has come. Raises Refused: `not_found`, `items_gone`."""
        with rows_of(principal.tenant_id) as rows:
            row = rows.registrations.test(workflow_id, id, principal.user_id)
            slug = rows.workflows.slug(principal.tenant_id)
            pending, until = (row.pending, row.test_until) if row else (None, None)
        if row is None:
            pending, until = hooks.state(self.redis, principal, slug, workflow_id, id)
        if pending:
            found = items.resolved(pending["batch"], principal.tenant_id, self.storage)
            return Heard("heard", list(found), id, until)
        over = until is None or until <= datetime.now(UTC)
        return Heard("timedOut" if over else "waiting", [], id, until)

    def stop(self, principal: Principal, workflow_id: uuid.UUID, id: uuid.UUID) -> None:
        """Take the registration away. One that is gone is fine."""
        with rows_of(principal.tenant_id) as rows:
            row = rows.registrations.test(workflow_id, id, principal.user_id)
            slug = rows.workflows.slug(principal.tenant_id)
            gone = [registered(row)] if row else []
        if row is None:
            hooks.stop(self.redis, principal, slug, workflow_id, id)
        self._providers(principal, slug).leave(gone)

    def _newest(self, principal: Principal, workflow: Workflow, node: Node) -> list[Item]:
        given = {"cursor": None, "first": False, "limit": NEWEST}
        payload = poll_payload(principal.tenant_id, workflow.id, node, given)
        try:
            answer = self.functions().ask(node.type, node.version, payload, ASK_SECONDS, repeatable=True)
        except AskFailed as error:
            raise refused(node, error) from None
        except AwsError:
            raise unavailable(node, "Its function could not be asked.", "Try again in a moment.") from None
        found = polled_items(answer)
        if found is None:
            raise refused(node, AskFailed({"type": "ResultInvalid", "message": "Its answer has no items."}))
        return found[:NEWEST]

    def _registered(self, principal: Principal, workflow: Workflow, node: Node) -> Heard:
        with rows_of(principal.tenant_id) as rows:
            slug = rows.workflows.slug(principal.tenant_id)
            former = [registered(row) for row in rows.registrations.tests(workflow.id, principal.user_id)]
            live = any(row.node_id == node.id for row in rows.registrations.active(workflow.id))
        if live and keeps_address(node):
            words = f"{node.name!r} is live, and its address hears for the published workflow: see its executions."
            raise Refused(codes.CANNOT_LISTEN, words)
        providers = self._providers(principal, slug)
        providers.leave(former)
        with ExitStack() as undo:
            [made] = providers.join(workflow, [node], undo)
            id, until = uuid.UUID(made.id), datetime.now(UTC) + timedelta(seconds=LISTEN_SECONDS)
            with rows_of(principal.tenant_id) as rows:
                if not rows.registrations.listen(id, principal.user_id, until, until + timedelta(seconds=SWEPT_AFTER)):
                    raise unavailable(node, "Its provider took too long.", "Try again.")
            undo.pop_all()
        return Heard("waiting", [], id, until)

    def _providers(self, principal: Principal, slug: str) -> Providers:
        ends = time.monotonic() + ASK_SECONDS
        return Providers(self.functions, self.keys, self.content_url, slug, principal.tenant_id, ends, test=True)


def _trigger(workflow: Workflow, node_id: str) -> Node:
    """Return a node of the draft that can be tried out. Raises Refused."""
    document = read_document(workflow.document)
    node = next((node for node in document.nodes if node.id == node_id), None)
    if node is None:
        raise Refused(codes.UNKNOWN_NODE, f"The draft has no node {node_id!r}; save it first.")
    entry = catalogue().get(node.type, node.version)
    if entry is None or not (entry.listens or is_webhook(node) or is_form(node)) or node.settings.disabled:
        raise Refused(codes.CANNOT_LISTEN, f"{node.name!r} is no trigger that hears of events, or it is disabled.")
    wrong = [one.to_json() for one in diagnose(workflow.document) if one.node_id == node_id and one.severity == "error"]
    if wrong:
        raise Refused(codes.WORKFLOW_INVALID, f"{node.name!r} is not filled in yet.", diagnostics=wrong)
    return node
