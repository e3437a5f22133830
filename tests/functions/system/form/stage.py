"""A form's function whose outside is in memory but for Postgres and Redis, and a visitor who uses no JavaScript."""

import re
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import redis

from functions.system.form.serving import Forms
from functions.system.form.targets import FormTarget
from functions.system.form.visits import Visits
from stepweave.runtime.starting import Launch
from stepweave.spec.forms import FormField, page_of
from stepweave_data.hooks.page_places import FORM
from stepweave_data.hooks.page_targets import Targets
from stepweave_data.hooks.requests import read_request
from stepweave_data.hooks.starting import Starter
from stepweave_data.hooks.tries import Tries
from stepweave_data.hooks.waits import Waits
from stepweave_data.link import Link
from stepweave_data.turns import Turns
from tests.fakes.steps import Outside
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant
from tests.functions.system.hooks import MACHINE, Machines, call
from tests.functions.system.waiting import Tokens

SECRET = "a test's own secret"
URLENCODED = {"Content-Type": "application/x-www-form-urlencoded", "X-Stepweave-Caller": "203.0.113.9"}
LOOK = {"color": "#0f766e", "appearance": "auto", "logoUrl": "", "language": "en", "embed": ""}
ROWS: list[dict[str, Any]] = [
    {"name": "email", "type": "email", "required": True, "label": "Your email <b>"},
    {"name": "message", "type": "longText"},
    {"name": "photo", "type": "file", "accept": "image/*"},
]


class OwnLinks(Turns):
    """Turns for visitors who come at once: a link serves one at a time."""

    def admit(self, request: dict[str, Any]) -> bool:
        link = Link(self.link._url)
        try:
            return Turns(link).admit(request)
        finally:
            link.close()


@dataclass
class Stage:
    """A function that serves forms."""

    databases: Databases
    tenant: Tenant
    redis: redis.Redis
    target: FormTarget | None = None
    machines: Machines = field(default_factory=Machines)
    tokens: Tokens = field(default_factory=Tokens)
    outside: Outside = field(default_factory=Outside)
    handed_over: list[dict[str, Any]] = field(default_factory=list)
    looked_up: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.link = Link(self.databases.app)
        waits = Waits(self.link, self.tokens, self.outside.send)
        self.target = self.target or self.published()
        self.forms = Forms(
            targets=Targets(FORM, self.redis, self._look_up),
            starter=Starter(
                Launch(self.outside.send, self.outside.claims, self.machines),
                self.handed_over.append,
                "form",
                OwnLinks(self.link),
            ),
            visits=Visits(self.link, waits, self.outside.claims, lambda: SECRET, seconds=0.3),
            redis=self.redis,
            tries=Tries(self.redis),
            secret=lambda: SECRET,
        )

    def published(self, *rows: dict[str, Any], **changes: Any) -> FormTarget:
        """Return a form with these fields (else `ROWS`); `machine` is its machine's type."""
        page = page_of("Contact", "We *answer*.", "Send", [FormField.model_validate(row) for row in rows or ROWS])
        start = {
            "tenant_id": str(self.tenant.id),
            "workflow_id": str(self.tenant.workflow_id),
            "workflow_name": "W",
            "workflow_version": 3,
            "machine_arn": MACHINE,
            "machine_type": changes.pop("machine", "standard"),
            "time_zone": "UTC",
            "concurrency": changes.pop("concurrency", None),
        }
        made: Any = {"start": start, "nodeId": "form", "page": page, "look": LOOK, "perMinute": 10, **changes}
        found: FormTarget = made
        return found

    def _look_up(self, slug: str, place: str) -> dict[str, Any]:
        self.looked_up.append((slug, place))
        return {FORM.method: self.target} if self.target and place == "~form/contact" else {}

    def get(
        self, path: str = "/forms/acme/contact", *, query: str = "", method: str = "GET", **headers: str
    ) -> dict[str, Any]:
        sent = {name.replace("_", "-"): it for name, it in headers.items()}
        return self.forms.serve(read_request(call(path, method=method, query=query, headers=sent), "forms"))

    def post(self, fields: Any, path: str = "/forms/acme/contact", **headers: str) -> dict[str, Any]:
        body = fields if isinstance(fields, bytes) else urlencode(fields, doseq=True)
        event = call(path, body, headers={**URLENCODED, **{name.replace("_", "-"): it for name, it in headers.items()}})
        return self.forms.serve(read_request(event, "forms"))

    def token(self) -> str:
        """Return what a fresh page carries."""
        return hidden(self.get()["body"], "~token")

    @property
    def items(self) -> list[dict[str, Any]]:
        """The items that executions started with."""
        return [it["input"]["trigger"]["output"]["main"]["items"][0] for it in self.machines.started]


def hidden(body: str, name: str) -> str:
    """Return the value of a hidden field of a page."""
    found = re.search(rf'name="{re.escape(name)}" value="([^"]*)"', body)
    assert found, body
    return found[1]


def multipart(*parts: tuple[str, bytes], boundary: str = "B") -> tuple[bytes, str]:
    """Return a multipart body and its content type; a part is what follows `form-data; ` of its head, and content."""
    body = b"".join(
        f"--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + content + b"\r\n"
        for head, content in parts
    )
    return body + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def fresh_id() -> str:
    """Return a new execution's id."""
    return str(uuid.uuid4())
