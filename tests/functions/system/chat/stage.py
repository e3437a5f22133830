"""A chat's function whose outside is in memory but for Postgres and Redis, and a visitor's browser."""

import json
import uuid
from dataclasses import dataclass, field
from typing import Any

import redis

from functions.system.chat.access import Access
from functions.system.chat.serving import Chats
from functions.system.chat.talking import Talks
from functions.system.chat.targets import ChatTarget
from stepweave.model.events import Event, EventType, ExecutionContext
from stepweave.runtime.credentials import Vault
from stepweave.runtime.starting import Launch
from stepweave_data.hooks.page_places import CHAT
from stepweave_data.hooks.page_targets import Targets
from stepweave_data.hooks.serving import answer_to
from stepweave_data.hooks.starting import Starter
from stepweave_data.link import Link
from stepweave_data.turns import Turns
from tests.fakes.steps import Outside
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant
from tests.functions.system.hooks import MACHINE, Machines, call
from tests.functions.system.messages import context_of, started
from tests.functions.system.waiting import tell

SECRET = "a test's own secret"
PLACE = "/chat/acme/help"
HOST = "stepweave.example"
LOOK = {"color": "#0f766e", "appearance": "auto", "logoUrl": "", "language": "en", "embed": ""}


@dataclass
class Stops(Machines):
    """Step Functions that remembers what it was told to stop."""

    stopped: list[str] = field(default_factory=list)

    def stop(self, execution_arn: str, *, error: str = "", cause: str = "") -> None:
        self.stopped.append(execution_arn)


@dataclass
class Stage:
    """A function that serves a chat."""

    databases: Databases
    tenant: Tenant
    redis: redis.Redis
    machines: Stops = field(default_factory=Stops)
    outside: Outside = field(default_factory=Outside)
    handed_over: list[dict[str, Any]] = field(default_factory=list)
    password: str = "open sesame"

    def __post_init__(self) -> None:
        self.link = Link(self.databases.app)
        self.target = self.published()
        access = Access(Vault(self._open), self.redis, lambda: SECRET)
        launch = Launch(self.outside.send, self.outside.claims, self.machines)
        starter = Starter(launch, self.handed_over.append, "chat", Turns(self.link))
        talks = Talks(self.link, access, starter, self.redis, self.machines, self.outside.send, seconds=0.4)
        self.chats = Chats(Targets(CHAT, self.redis, self._look_up), access, talks, lambda: SECRET)

    def published(self, **changes: Any) -> ChatTarget:
        """Return a chat; `machine` is its machine's type, `says` and `view` add to what they are."""
        start = {
            "tenant_id": str(self.tenant.id),
            "workflow_id": str(self.tenant.workflow_id),
            "workflow_name": "W",
            "workflow_version": 3,
            "machine_arn": MACHINE,
            "machine_type": changes.pop("machine", "standard"),
            "time_zone": "UTC",
            "concurrency": None,
        }
        says = {
            "title": "Ask <us>",
            "greeting": "Hello",
            "placeholder": "",
            "suggestions": [],
            **changes.pop("says", {}),
        }
        view = {"answers": ["a"], "field": "", "steps": {"0t": "Look up", "a": "Answer"}, **changes.pop("view", {})}
        made: Any = {
            "start": start,
            "nodeId": "chat",
            "look": {**LOOK, **changes.pop("look", {})},
            "says": says,
            "access": "public",
            "credentialId": "c",
            "files": None,
            "mostCharacters": 100,
            "perMinute": 10,
            "keepDays": 30,
            "view": view,
            **changes,
        }
        found: ChatTarget = made
        return found

    def publish(self, **changes: Any) -> None:
        """Publish another chat at the same place."""
        self.redis.flushdb()
        self.target = self.published(**changes)

    def _look_up(self, _: str, place: str) -> dict[str, Any]:
        return {CHAT.method: self.target} if place == "~chat/help" else {}

    def _open(self, request: dict[str, Any]) -> Any:
        return {"data": {"password": self.password}, "hosts": [], "type": "chat_password"}

    def ask(
        self,
        asked: str = "",
        body: bytes = b"",
        *,
        method: str = "",
        query: str = "",
        place: str = PLACE,
        **headers: str,
    ) -> dict[str, Any]:
        """Return the answer to a request; `headers` with `_` for `-`, and `place` where it is not the chat's."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {"X-Stepweave-Caller": "203.0.113.9", "X-Forwarded-Host": HOST, **sent}
        path = f"{place}/~{asked}" if asked else place
        event = call(path, body, method=method or ("POST" if body else "GET"), query=query, headers=sent)
        return answer_to(event, self.chats.serve, "The chat", CHAT.room)

    def enter(self, **proof: str) -> str:
        """Return a new session's token."""
        answer = self.ask("session", json.dumps(proof).encode(), Content_Type="application/json")
        assert answer["statusCode"] == 200, answer
        token: str = json.loads(answer["body"])["token"]
        return token

    def send(
        self, token: str, text: str, *files: tuple[str, str, bytes], id: str = "", **headers: str
    ) -> dict[str, Any]:
        """Send a message with files (name, MIME type, content)."""
        body, kind = message(text, *files, id=id or uuid.uuid4().hex)
        return self.ask("send", body, Content_Type=kind, x_chat_session=token, **headers)

    def sent(self, token: str, text: str = "Hi", **more: Any) -> str:
        """Send a message that is taken, and return its execution's id."""
        answer = self.send(token, text, **more)
        assert answer["statusCode"] == 202, answer
        id: str = json.loads(answer["body"])["id"]
        return id

    def turn(self, token: str, id: str, query: str = "") -> dict[str, Any]:
        """Return how far a message is."""
        answer = self.ask(f"turn/{id}", query=query, x_chat_session=token)
        assert answer["statusCode"] == 200, answer
        found: dict[str, Any] = json.loads(answer["body"])
        return found

    def talk(self, token: str) -> list[dict[str, Any]]:
        """Return what was said."""
        answer = self.ask("talk", x_chat_session=token)
        assert answer["statusCode"] == 200, answer
        turns: list[dict[str, Any]] = json.loads(answer["body"])["turns"]
        return turns

    def tell(self, id: str, *events: Event) -> ExecutionContext:
        """Record events of an execution, its beginning among them."""
        context = context_of(self.tenant, id, trigger="chat")
        tell(self.databases, self.tenant, context, started(context, machineType="standard"), *events)
        return context


def message(text: str, *files: tuple[str, str, bytes], id: str) -> tuple[bytes, str]:
    """Return a message as a browser sends it, and its content type."""
    parts = [('name="messageId"', id.encode()), ('name="text"', text.encode())]
    parts += [(f'name="file"; filename="{name}"\r\nContent-Type: {kind}', content) for name, kind, content in files]
    body = b"".join(
        f"--B\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + content + b"\r\n" for head, content in parts
    )
    return body + b"--B--\r\n", "multipart/form-data; boundary=B"


def output(**json: Any) -> dict[str, Any]:
    """Return a node's output of one item."""
    return {"main": {"count": 1, "items": [{"json": json}]}}


def partial(text: str, node_id: str = "a", offset: int = 0, **fields: Any) -> Event:
    """Return the event of output that comes bit by bit."""
    from tests.functions.system.messages import node

    return node(EventType.NODE_PARTIAL, node_id, parts=[{"item": 0, "offset": offset, "text": text}], **fields)


def told(answer: dict[str, Any]) -> tuple[int, str]:
    """Return an answer's status and its code."""
    return answer["statusCode"], json.loads(answer["body"]).get("code", "")
