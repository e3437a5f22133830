"""The mail catcher: takes every message over SMTP, sends none on, and shows them on a small inbox page.

    python -m local.services.mail --smtp-port 8402 --port 8401

`GET /` inbox, `GET /messages/<id>` one message, `GET /api/messages` all as JSON, `DELETE /api/messages` clears it.
Keeps the latest 500 in memory. To try failures: a recipient at `refuse.test` is refused with 550, one at `later.test`
with 451.
"""

import argparse
import asyncio
import email
import email.policy
import itertools
from base64 import b64encode
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from hashlib import sha256
from html import escape
from typing import Final

from aiohttp import web
from aiosmtpd.smtp import SMTP, Envelope, Session

from local.settings import CONTENT_HOST, HOST

KEPT: Final = 500
REFUSALS: Final = {"refuse.test": "550 5.1.1 no such mailbox here", "later.test": "451 4.3.0 try again later"}


@dataclass(frozen=True)
class Caught:
    """One message as it came in."""

    id: int
    at: datetime
    sender: str
    recipients: list[str]
    message: EmailMessage

    def to_json(self) -> dict[str, object]:
        """Return id, time, envelope, subject and the text and HTML bodies."""
        bodies = {kind: self.message.get_body((kind,)) for kind in ("plain", "html")}
        return {
            "id": self.id,
            "at": self.at.isoformat(),
            "from": self.sender,
            "to": self.recipients,
            "subject": str(self.message["subject"] or ""),
            "text": bodies["plain"].get_content() if bodies["plain"] else None,
            "html": bodies["html"].get_content() if bodies["html"] else None,
        }


class Inbox:
    """All messages caught, newest first; the SMTP side's handler and the page's source."""

    def __init__(self) -> None:
        self.messages: deque[Caught] = deque(maxlen=KEPT)
        self._ids = itertools.count(1)

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Accept a recipient, except where its domain asks for a refusal."""
        refusal = REFUSALS.get(address.rpartition("@")[2].lower())
        if refusal is not None:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep a message."""
        content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        message = email.message_from_bytes(content, policy=email.policy.default)
        self.messages.appendleft(
            Caught(next(self._ids), datetime.now(UTC), envelope.mail_from or "", list(envelope.rcpt_tos), message)
        )
        return "250 Message kept"

    async def page(self, _: web.Request) -> web.Response:
        """The inbox."""
        rows = "".join(
            f'<tr><td><a href="/messages/{mail.id}">{escape(str(mail.message["subject"] or "(no subject)"))}</a></td>'
            f"<td>{escape(mail.sender)}</td><td>{escape(', '.join(mail.recipients))}</td>"
            f'<td><time datetime="{mail.at.isoformat()}">{mail.at:%H:%M:%S}</time></td></tr>'
            for mail in self.messages
        )
        table = (
            f"<table><thead><tr><th>Subject<th>From<th>To<th>At (UTC)</tr></thead><tbody>{rows}</tbody></table>"
            if rows
            else "<p class=empty>No mail yet. What workflows send on this machine lands here, and nowhere else.</p>"
        )
        return _html(f"Inbox ({len(self.messages)})", table)

    async def message(self, request: web.Request) -> web.Response:
        """One message, its HTML shown as source: nothing in a mail runs here."""
        wanted = int(request.match_info["id"])
        mail = next((mail for mail in self.messages if mail.id == wanted), None)
        if mail is None:
            raise web.HTTPNotFound(text="No such message; the inbox keeps the latest 500.")
        data = mail.to_json()
        bodies = "".join(
            f"<h2>{kind}</h2><pre>{escape(str(data[kind]))}</pre>" for kind in ("text", "html") if data[kind]
        )
        return _html(
            str(data["subject"] or "(no subject)"),
            f"<p>From {escape(mail.sender)} to {escape(', '.join(mail.recipients))}</p>{bodies}"
            '<p><a href="/">Back to the inbox</a></p>',
        )

    async def list_json(self, _: web.Request) -> web.Response:
        """All messages as JSON, newest first."""
        return web.json_response([mail.to_json() for mail in self.messages])

    async def clear(self, _: web.Request) -> web.Response:
        """Forget all messages."""
        self.messages.clear()
        return web.Response(status=204)


_STYLE: Final = """
:root{color-scheme:light dark;--line:#8884;--soft:#8882}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:3rem auto;padding:0 1.5rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.6rem .8rem;border-bottom:1px solid var(--line)}
th{font-size:.8rem;text-transform:uppercase;letter-spacing:.05em;opacity:.7}tr:hover td{background:var(--soft)}
pre{white-space:pre-wrap;background:var(--soft);padding:1rem;border-radius:.5rem;overflow-wrap:anywhere}
h1{font-size:1.4rem}h2{font-size:.9rem;opacity:.7}.empty{opacity:.7}
@media(max-width:40rem){td:nth-child(2),th:nth-child(2){display:none}body{margin-top:1.5rem}}
"""


_OWN: Final = b64encode(sha256(_STYLE.encode()).digest()).decode()
HEADERS: Final = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_OWN}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Of the pages: nothing runs, nothing frames them, and no mail is kept in a cache."""


def _html(title: str, body: str) -> web.Response:
    return web.Response(
        text=f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)} - Stepweave mail</title><style>{_STYLE}</style><h1>{escape(title)}</h1>{body}</html>",
        content_type="text/html",
        headers=HEADERS,
    )


@web.middleware
async def _called_by_its_name(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Answer who calls this machine by its own name only: a page at a name that leads here would read all mail."""
    if request.url.host not in (HOST, CONTENT_HOST):
        raise web.HTTPForbidden(text=f"The inbox is at http://{HOST}.")
    return await handler(request)


def application(inbox: Inbox, smtp_port: int) -> web.Application:
    """Return the inbox page; the SMTP server starts and stops with it."""
    app = web.Application(middlewares=[_called_by_its_name])
    app.add_routes(
        [
            web.get("/", inbox.page),
            web.get("/messages/{id:\\d+}", inbox.message),
            web.get("/api/messages", inbox.list_json),
            web.delete("/api/messages", inbox.clear),
        ]
    )

    async def start_smtp(app: web.Application) -> None:
        app[_SMTP] = await asyncio.get_running_loop().create_server(
            lambda: SMTP(inbox, enable_SMTPUTF8=True, hostname="localhost"), HOST, smtp_port
        )

    async def stop_smtp(app: web.Application) -> None:
        app[_SMTP].close()

    app.on_startup.append(start_smtp)
    app.on_cleanup.append(stop_smtp)
    return app


_SMTP: Final = web.AppKey("smtp", asyncio.Server)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="The mail catcher.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--smtp-port", type=int, required=True)
    arguments = parser.parse_args()
    web.run_app(application(Inbox(), arguments.smtp_port), host=HOST, port=arguments.port, print=None)
