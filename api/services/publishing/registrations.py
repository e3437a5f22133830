"""A workflow's triggers with code: registered at their providers, and taken away there.

A row is there before a provider is asked, as `joining`, and goes when it forgot the registration. So whatever fails in
between, also this process, is seen to by the sweeper: nothing stays registered that nobody knows of.
"""

import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

import redis

from api import codes, ports
from api.refusals import Refused
from api.repositories.rows import Rows, rows_of
from api.services.compiling import catalogue, triggers
from api.services.publishing.fixed_addresses import address_of, keeps_address
from api.services.publishing.polling import polls
from api.services.publishing.trigger_refusals import refused, together, unavailable
from stepweave.aws import AwsError
from stepweave.aws.control.node_functions import AskFailed
from stepweave.model.environments import PRODUCTION
from stepweave.model.workflow import Node
from stepweave.model.workflow import Workflow as Document
from stepweave.spec.node import TriggerKind
from stepweave_data import redis_keys as keys
from stepweave_data.listening.registered import (
    LEAVE_SECONDS,
    MOST_TRIES,
    Registered,
    error_of,
    is_unsure,
    pause_after,
    take_away,
)
from stepweave_data.models import Registration, Workflow
from stepweave_data.telemetry import logger
from stepweave_data.vaulting import CannotOpen, KeyService, Sealed, Sealer, unseal

JOIN_SECONDS: Final = 9.0
"""For a provider to take one registration."""
ALL_SECONDS: Final = 16.0
"""For all of a publish, or of an unpublish: the API's function ends after 29 s, and what is left over is the
sweeper's."""
JOINING_SECONDS: Final = 300
"""After so long nobody makes a registration active any more."""
LEAVING_SECONDS: Final = 60
"""After so long the sweeper takes over what a publish was to take away."""
AT_ONCE: Final = 4
"""Registrations that are made, or taken away, at the same time."""
Given = TypeVar("Given")
Made = TypeVar("Made")


@dataclass(frozen=True)
class Plan:
    """What a publish does: which registrations stay, which nodes get one, which go."""

    kept: tuple[Registered, ...]
    new: tuple[Node, ...]
    gone: tuple[Registered, ...]


def plan(document: Document, former: Sequence[Registered]) -> Plan:
    """Return what is to be done so that a document's triggers are registered.

    One of the same type, version and parameters stays as it is, with its address: also its place in the document and
    its name may be others. One that keeps its address stays with other parameters, too.
    """
    known = {one.node_id: one for one in former}
    kept, new = [], []
    for node in (node for node in triggers(document, TriggerKind.APP) if not polls(node)):
        before = known.get(node.id)
        same = before and (before.type, before.version, before.params) == (node.type, node.version, node.params)
        if before and same:
            kept.append(before)
        elif before and before.type == node.type and keeps_address(node):
            kept.append(replace(before, version=node.version, params=node.params))
        else:
            new.append(node)
    stay = {one.id for one in kept}
    return Plan(tuple(kept), tuple(new), tuple(one for one in former if one.id not in stay))


def registered(row: Registration) -> Registered:
    """Return a row's values, without what is kept of it."""
    return Registered(
        str(row.id),
        str(row.tenant_id),
        str(row.workflow_id),
        row.node_id,
        row.type,
        row.version,
        row.params,
        row.address,
    )


def settle(rows: Rows, workflow_id: uuid.UUID, live: Iterable[Registered], target: dict[str, Any]) -> None:
    """Make `live` all that is active of a workflow where `target` runs, within the transaction of a publish.

    Raises:
        Refused: `publishing`, where one of them was taken away meanwhile.
    """
    live = list(live)
    ids = [uuid.UUID(one.id) for one in live]
    for one in live:
        if keeps_address(one):
            rows.registrations.change(uuid.UUID(one.id), one.version, one.params)
    rows.registrations.leave(workflow_id, but=ids, seconds=LEAVING_SECONDS, environment=target["environment"])
    if ids and rows.registrations.stay(ids, target) < len(ids):
        raise Refused(codes.PUBLISHING, "Publishing took too long, and was taken back; publish again.")


def forget(client: redis.Redis, slug: str, gone: Iterable[Registered]) -> None:
    """Make the webhook function look again. Without Redis it does so within a minute by itself."""
    names = sorted({keys.listener(slug, one.address) for one in gone})
    if not names:
        return
    try:
        client.delete(*names)
    except redis.RedisError as error:
        logger().warning("cache of triggers not cleared", error=repr(error))


@dataclass(frozen=True)
class Providers:
    """The providers of one tenant's triggers, as the functions of their node types reach them.

    `test`: what joins listens for a person's test, beside what is live. `environment`: where it is live.
    """

    functions: Callable[[], ports.NodeFunctions]
    keys: Callable[[], KeyService]
    content_url: str
    slug: str
    tenant_id: uuid.UUID
    ends: float = field(default_factory=lambda: time.monotonic() + ALL_SECONDS)
    test: bool = False
    environment: str = PRODUCTION

    def join(self, workflow: Workflow, nodes: Sequence[Node], undo: ExitStack) -> list[Registered]:
        """Register nodes at their providers, each with its way back on `undo`.

        Raises:
            Refused: `trigger_refused` or `trigger_unavailable`, with diagnostics that name nodes and fields.
        """

        def tried(node: Node) -> Registered | Refused:
            try:
                return self._joined(workflow, node, undo)
            except Refused as refused:
                return refused

        found = _at_once(tried, nodes)
        refusals = [one for one in found if isinstance(one, Refused)]
        if refusals:
            raise together(refusals)
        return [one for one in found if isinstance(one, Registered)]

    def leave(self, gone: Iterable[Registered]) -> None:
        """Have providers forget registrations. What cannot be done now is the sweeper's. Raises nothing."""

        def tried(one: Registered) -> None:
            try:
                self._left(one)
            except Exception as error:  # whatever the adapters raise
                logger().warning("a trigger's registration is left to the sweeper", id=one.id, error=repr(error))

        _at_once(tried, list(gone))

    def _joined(self, workflow: Workflow, node: Node, undo: ExitStack) -> Registered:
        id = uuid.uuid4()
        made = Registered(
            str(id),
            str(self.tenant_id),
            str(workflow.id),
            node.id,
            node.type,
            node.version,
            node.params,
            address_of(workflow.id, node, self.environment),
        )
        receives = _receives(node.type, node.version)
        # Made before the provider is asked: what it takes to keep the answer is at hand.
        sealer = Sealer(made.tenant_id, made.id, self.keys()) if receives else None
        with rows_of(self.tenant_id) as rows:
            rows.registrations.clear(made.address)
            rows.add(_row(made, self.environment))
        back = [made]  # what is to be taken away, should the publish fail
        undo.callback(lambda: self.leave(back))
        if sealer is not None:
            kept = self._activated(made, node, back)
            back[:] = [replace(made, kept=kept)]
            with rows_of(self.tenant_id) as rows:
                rows.registrations.keep(id, sealer.seal(kept))
        return made

    def _activated(self, made: Registered, node: Node, back: list[Registered]) -> dict[str, Any]:
        """Return what `activate` gives. Raises Refused; of a plain refusal nothing is to be taken back."""
        seconds = min(JOIN_SECONDS, self.ends - time.monotonic())
        if seconds < 1:
            back.clear()
            self._dropped(made)
            raise unavailable(node, "The providers took too long; nothing was published.", "Publish again.")
        try:
            given = {"address": made.url(self.content_url, self.slug), "test": self.test}
            kept = self.functions().ask(made.type, made.version, made.payload("activate", given), seconds)
        except (AskFailed, AwsError) as error:
            if is_unsure(error):
                told = error_of(error)
                raise unavailable(node, told["message"], told.get("remedy") or "Publish again in a moment.") from None
            back.clear()
            self._dropped(made)
            raise refused(node, error) from None
        return kept if isinstance(kept, dict) else {}

    def _left(self, one: Registered) -> None:
        if not _receives(one.type, one.version):
            self._dropped(one)
            return
        seconds = min(LEAVE_SECONDS, self.ends - time.monotonic())
        if seconds < 1:
            with rows_of(self.tenant_id) as rows:
                rows.registrations.leave_to_sweeper(uuid.UUID(one.id))
            return
        whole = one if one.kept is not None else replace(one, kept=self._kept(one))
        url = one.url(self.content_url, self.slug)
        error = take_away(self.functions(), whole, url, seconds, active=self._active(one))
        if error is None:
            self._dropped(one)
            return
        with rows_of(self.tenant_id) as rows:
            rows.registrations.not_left(uuid.UUID(one.id), error, pause_after(0), MOST_TRIES)

    def _active(self, one: Registered) -> str:
        """Return where what is live of the same node is called; "" where nothing is."""
        with rows_of(self.tenant_id) as rows:
            live = rows.registrations.active(uuid.UUID(one.workflow_id), self.environment)
            found = [row.address for row in live if row.node_id == one.node_id and str(row.id) != one.id]
        return replace(one, address=found[0]).url(self.content_url, self.slug) if found else ""

    def _kept(self, one: Registered) -> dict[str, Any] | None:
        with rows_of(self.tenant_id) as rows:
            row = rows.get(Registration, uuid.UUID(one.id))
            sealed = _sealed_of(row) if row else None
        try:
            return unseal(sealed, one.tenant_id, one.id, self.keys()) if sealed else None
        except CannotOpen:
            return None  # the node finds the registration by its address

    def _dropped(self, one: Registered) -> None:
        with rows_of(self.tenant_id) as rows:
            rows.registrations.drop(uuid.UUID(one.id))


def _at_once(work: Callable[[Given], Made], given: Sequence[Given]) -> list[Made]:
    """Return what `work` makes of each, some at the same time. Raises what it raises, when all have ended."""
    if len(given) < 2:
        return [work(one) for one in given]
    with ThreadPoolExecutor(min(len(given), AT_ONCE)) as pool:
        return list(pool.map(work, given))


def _receives(type: str, version: int) -> bool:
    """Whether there is something at the provider. Of a type that is not known any more there may be."""
    entry = catalogue().get(type, version)
    return entry is None or bool(entry.listens and entry.listens.receives)


def _row(made: Registered, environment: str) -> Registration:
    return Registration(
        id=uuid.UUID(made.id),
        tenant_id=uuid.UUID(made.tenant_id),
        workflow_id=uuid.UUID(made.workflow_id),
        node_id=made.node_id,
        type=made.type,
        version=made.version,
        params=made.params,
        address=made.address,
        status="joining",
        environment=environment,
        leave_after=datetime.now(UTC) + timedelta(seconds=JOINING_SECONDS),
    )


def _sealed_of(row: Registration) -> Sealed | None:
    parts = (row.wrapped_key, row.nonce, row.ciphertext)
    return Sealed(*map(bytes, filter(None, parts))) if all(parts) else None
