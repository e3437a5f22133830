"""Conversations: what was said, a new message, how far its answer is, stopping it, and hearing when to look."""

import hashlib
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs

import redis

from functions.system.chat import pages, sending, turns
from functions.system.chat.access import Access, away, check_member
from functions.system.chat.progress import Progress, cut, progress_of
from functions.system.chat.sessions import Session
from functions.system.chat.targets import ChatTarget, chat_id
from functions.system.chat.turns import Busy, Message, Turn
from functions.system.chat.words import words_of
from stepweave.aws import AwsError
from stepweave.runtime.claims import Claims
from stepweave.runtime.errors import NodeError
from stepweave.runtime.events import Send
from stepweave.runtime.starting import StartFailed, execution_arn_of, execution_id_of
from stepweave_data import redis_keys as keys
from stepweave_data.history.live import give_ticket
from stepweave_data.hooks.cancelling import Machines, cancel
from stepweave_data.hooks.limits import is_too_often
from stepweave_data.hooks.refusals import Refusal
from stepweave_data.hooks.requests import Request
from stepweave_data.hooks.starting import Starter
from stepweave_data.link import Connection, Link
from stepweave_data.no_room import NoRoom
from stepweave_data.telemetry import about

WAIT_SECONDS: Final = 6.0
"""How long a page's request waits for something new, where the page hears nothing otherwise."""
PAUSE_SECONDS: Final = 0.2
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
Answer = dict[str, Any]


@dataclass(frozen=True)
class Talks:
    """Serves conversations."""

    link: Link
    access: Access
    starter: Starter
    redis: redis.Redis
    machines: Machines
    send_events: Send
    seconds: float = WAIT_SECONDS

    @property
    def claims(self) -> Claims:
        """Where answers and files are stored."""
        return self.starter.claims

    def talk(self, request: Request, target: ChatTarget, _: str) -> Answer:
        """Return the conversation of a session, its token renewed."""
        session = self.access.session(request, target)
        said = self._within(target, session, lambda it: self._said(it, target, session))
        return pages.data({"token": session.token, "shown": pages.shown(target), "turns": said})

    def send(self, request: Request, target: ChatTarget, _: str) -> Answer:
        """Take a message, and start the workflow with it. Sent again it is the same one.

        Raises:
            Refusal: 409 while another message is under way; 429, 503, and as `sending.read`.
        """
        session, words = self.access.session(request, target), words_of(target["look"]["language"])
        if target.get("paused"):
            raise Refusal(503, "workflow_paused", "Closed", words("closed"), {"retry-after": "300"})
        given = sending.read(request, target, words)
        for who in (request.caller, session.id):
            if is_too_often(self.redis, "chat", f"{chat_id(target)}\n{who}", target["perMinute"]):
                raise Refusal(429, "too_often", "Too often", words("tooOften"), {"retry-after": "60"})
        execution_id = execution_id_of("chat", chat_id(target), session.id, given.id)
        about(execution_id=execution_id)
        message = Message(execution_id, session.id, given.id, given.text, given.told)
        try:
            turn = self._within(target, session, lambda it: self._added(it, target, message))
        except Busy:
            raise Refusal(409, "still_answering", "Still answering", words("stillAnswering")) from None
        if turn.state == "running":
            self._start(target, session, given, execution_id)
        return pages.data(_told(turn, Progress(turn.state, turn.answer)), 202)

    def turn(self, request: Request, target: ChatTarget, execution_id: str) -> Answer:
        """Return how far a message's answer is, after waiting a little for something new where the page asks for it."""
        session, asked = self.access.session(request, target), parse_qs(request.raw_query)
        source, at, known = _one(asked, "source"), _one(asked, "at"), _one(asked, "tag")
        until = time.monotonic() + (self.seconds if known else 0)
        while True:
            turn, found = self._progress(target, session, execution_id)
            tag = _tag(found)
            if tag != known or time.monotonic() >= until:
                told = cut(found, source, int(at) if at.isascii() and at.isdigit() and len(at) < 9 else 0)
                return pages.data({"id": turn.execution_id, "tag": tag, **told})
            time.sleep(PAUSE_SECONDS)

    def stop(self, request: Request, target: ChatTarget, execution_id: str) -> Answer:
        """End a message's execution. One that has ended is fine."""
        session = self.access.session(request, target)
        turn, found = self._progress(target, session, execution_id)
        if found.state in ("running", "waiting"):
            start = target["start"]
            standard = start["machine_type"] == "standard"
            arn = execution_arn_of(start["machine_arn"], turn.execution_id) if standard else ""
            cancel(self.link, start["tenant_id"], turn.execution_id, arn, self.machines, self.send_events)
            self._within(target, session, lambda it: turns.end(it, turn.execution_id, "stopped", found.coming or None))
            turn, found = self._progress(target, session, execution_id)
        return pages.data(_told(turn, found))

    def live(self, request: Request, target: ChatTarget, execution_id: str) -> Answer:
        """Return a ticket for one connection that hears of one execution, and learns nothing of it there."""
        session = self.access.session(request, target)
        turn = self._within(target, session, lambda it: self._found(it, target, session, execution_id))
        channel = keys.chat_channel(turn.execution_id)
        try:
            ticket = give_ticket(self.redis, target["start"]["tenant_id"], channel)
        except redis.RedisError as error:
            raise away("Nothing can be heard live now.") from error
        return pages.data({"ticket": ticket, "channel": channel})

    def _within(self, target: ChatTarget, session: Session, work: Callable[[Connection], Any]) -> Any:
        """Do `work` in a transaction of the tenant, for a session that still counts. Raises Refusal: 401."""

        def checked(connection: Connection) -> Any:
            check_member(connection, target, session)
            return work(connection)

        return self.link.tenant(target["start"]["tenant_id"], checked)

    def _said(self, connection: Connection, target: ChatTarget, session: Session) -> list[Answer]:
        tenant_id = target["start"]["tenant_id"]
        return [
            _told(turn, progress_of(connection, turn, self.claims, tenant_id))
            for turn in turns.of_session(connection, session.id)
        ]

    def _added(self, connection: Connection, target: ChatTarget, message: Message) -> Turn:
        """Write a message down and return it. Raises Busy."""
        before = turns.running(connection, message.session_id)
        if before is not None and before.execution_id != message.execution_id:
            # It may have ended since anybody looked.
            progress_of(connection, before, self.claims, target["start"]["tenant_id"])
        with suppress(Busy):  # by itself, where it was sent twice at the same moment
            turns.add(connection, target, message)
        found = turns.find(connection, message.execution_id, message.session_id)
        if found is None:
            raise Busy
        return found

    def _start(self, target: ChatTarget, session: Session, given: sending.Given, execution_id: str) -> None:
        start = target["start"]
        key = f"{start['tenant_id']}/{execution_id}/{target['nodeId']}/1-"
        try:
            item = given.item(session.id, key, self.starter.store_file)
            self.starter(start, target["nodeId"], item, execution_id, "live")
        except NoRoom as error:
            self.link.tenant(start["tenant_id"], lambda it: turns.drop(it, execution_id))
            words = words_of(target["look"]["language"])("away")
            raise Refusal(429, "too_many_executions", "Too many executions", words, error.headers) from error
        except (NodeError, AwsError, StartFailed) as error:
            self.link.tenant(start["tenant_id"], lambda it: turns.drop(it, execution_id))
            raise away(words_of(target["look"]["language"])("away")) from error

    def _progress(self, target: ChatTarget, session: Session, execution_id: str) -> tuple[Turn, Progress]:
        def work(connection: Connection) -> tuple[Turn, Progress]:
            turn = self._found(connection, target, session, execution_id)
            return turn, progress_of(connection, turn, self.claims, target["start"]["tenant_id"])

        found: tuple[Turn, Progress] = self._within(target, session, work)
        return found

    def _found(self, connection: Connection, target: ChatTarget, session: Session, execution_id: str) -> Turn:
        """Return a message of a session. Raises Refusal: 404."""
        turn = turns.find(connection, execution_id, session.id) if _UUID.fullmatch(execution_id) else None
        if turn is None:
            words = words_of(target["look"]["language"])
            raise Refusal(404, "unknown_message", "Not found", words("sessionOver"))
        return turn


def _told(turn: Turn, found: Progress) -> Answer:
    """Return a message as the page gets it."""
    return {
        "id": turn.execution_id,
        "messageId": turn.message_id,
        "text": turn.text,
        "files": [{"fileName": one["fileName"], "size": one["size"]} for one in turn.files],
        "at": turn.created_at.isoformat(timespec="milliseconds"),
        "tag": _tag(found),
        **cut(found, "", 0),
    }


def _tag(found: Progress) -> str:
    """Return what tells one state of a message from the next."""
    steps = ",".join(f"{step['name']}={step['state']}" for step in found.steps)
    whole = f"{found.state}\n{found.source}\n{len(found.coming)}\n{steps}"
    return hashlib.sha256(whole.encode("utf-8", "replace")).hexdigest()[:16]


def _one(asked: dict[str, list[str]], name: str) -> str:
    return asked.get(name, [""])[-1]
