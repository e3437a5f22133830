"""What servers do wrong. Each lie says what may come of it: never a crash, never a hang."""

import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from tests.fakes.web import Exchange

WORDS: Final = "Quota7 is spent"
"""What servers say for themselves: it must be in the error."""
SECRET: Final = "s3cret-Value-1"
"""What is in credentials: it must be in no error."""
WAIT: Final = 700.0
"""Seconds that a busy server wants to be left alone."""

Give = Callable[[Exchange], None]


@dataclass(frozen=True)
class Lie:
    """Something that a server does wrong.

    Attributes:
        fails: whether it must be an error; else it may be taken for an answer.
        words: what of the server's own must be in the error's words.
        away: whether a client may try again for a while.
        heavy: whether it takes long, so that one operation of each app is enough.
    """

    give: Give
    fails: bool = True
    words: str = ""
    away: bool = False
    heavy: bool = False


def says(body: Any, status: int = 200, content_type: str = "application/json", /, **headers: str) -> Give:
    """Return what answers so; a body that is no bytes is JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return lambda exchange: exchange.answer(status, content, content_type=content_type, **headers)


def refuses(body: Any, status: int = 400, content_type: str = "application/json") -> Lie:
    return Lie(says(body, status, content_type), words=WORDS)


def endless(exchange: Exchange) -> None:
    """Answer with a list that goes on until the client has enough."""
    handler = exchange.handler
    handler.send_response(200)
    handler.send_header("content-type", "application/json")
    handler.send_header("connection", "close")
    handler.end_headers()
    handler.close_connection = True
    piece = b"[" + b'"aaaaaaaaaaaa",' * 16_000
    with suppress(OSError):
        for _ in range(10_000):
            handler.wfile.write(piece)
            piece = piece.lstrip(b"[")


def drips(exchange: Exchange) -> None:
    """Answer a byte at a time."""
    handler = exchange.handler
    handler.send_response(200)
    handler.send_header("content-type", "application/json")
    handler.send_header("content-length", "100000")
    handler.end_headers()
    handler.close_connection = True
    with suppress(OSError):
        for _ in range(1000):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.02)


def cut(exchange: Exchange) -> None:
    """Announce more than comes."""
    handler = exchange.handler
    handler.send_response(200)
    handler.send_header("content-type", "application/json")
    handler.send_header("content-length", "500")
    handler.end_headers()
    handler.wfile.write(b'{"ok": true, "result": {}')
    handler.close_connection = True


def babbles(exchange: Exchange) -> None:
    """Speak something else than HTTP."""
    exchange.handler.wfile.write(b"220 mail.example ESMTP\r\n")
    exchange.handler.close_connection = True


def round_and_round(exchange: Exchange) -> None:
    exchange.answer(307, location=exchange.asked.path)


PAGE: Final = f"<!doctype html><html><head><title>Log in</title></head><body><h1>{WORDS}</h1></body></html>".encode()
LIES: Final[dict[str, Lie]] = {
    "bad JSON": Lie(says(b'{"ok": true, "result": [')),
    "two JSON values": Lie(says(b"{}{}")),
    "bytes that are no text": Lie(says(b'{"ok": true, "id": "\xff\xfe\xfa"}', 200, "application/json")),
    "an unknown charset": Lie(says(b'{"a": "\xe4"}', 200, "application/json; charset=klingon")),
    "NaN": Lie(says(b'{"ok": true, "id": NaN}')),
    "nested too deep": Lie(says(b"[" * 100_000)),
    "a page instead of JSON": Lie(says(PAGE, 200, "text/html; charset=utf-8")),
    "gzip that is none": Lie(says(b"{}", content_encoding="gzip")),
    "a compression nobody knows": Lie(says(b"{}", content_encoding="br")),
    "no body without end": Lie(endless, heavy=True),
    "a slow drip": Lie(drips, heavy=True),
    "a wrong length": Lie(cut),
    "a length that is none": Lie(says(b"{}", content_length="1e99", connection="close"), fails=False),
    "a huge length": Lie(says(b"{}", content_length="999999999999999999", connection="close")),
    "no answer": Lie(lambda exchange: exchange.drop()),
    "no HTTP": Lie(babbles),
    "redirects without end": Lie(round_and_round),
    "a redirect to nowhere": Lie(says(b"", 302, location="ftp://example.com/")),
    "busy": Lie(says({"error": {"message": WORDS}}, 429, retry_after=str(int(WAIT))), words=WORDS, away=True),
    "away": Lie(says({"message": WORDS}, 503, retry_after=str(int(WAIT))), words=WORDS, away=True),
    "a bad gateway's page": Lie(says(PAGE, 502, "text/html"), words=WORDS, away=True),
    "forbidden": refuses({"message": WORDS, "status": 403}, 403),
    "unauthorised": refuses({"error": WORDS.replace(" ", "_"), "error_description": WORDS}, 401),
    "a list of errors": refuses({"errors": [{"message": WORDS, "code": 7}]}, 422),
    "a problem": refuses({"type": "about:blank", "title": "No", "detail": WORDS}, 400, "application/problem+json"),
    "an error in XML": refuses(f"<Error><Code>No</Code><Message>{WORDS}</Message></Error>".encode(), 400, "text/xml"),
    "an error as text": refuses(WORDS.encode(), 400, "text/plain"),
    "an error without words": Lie(says(b"", 400)),
    "an error in a wrong shape": Lie(says({"error": ["x", {"message": 7}], "errors": "no", "message": {}}, 400)),
    "an error of null": Lie(says(b"null", 500), away=True),
    "null": Lie(says(b"null"), fails=False),
    "a list": Lie(says([]), fails=False),
    "a list of null": Lie(says([None, 7, "x", []]), fails=False),
    "an object": Lie(says({}), fails=False),
    "a number": Lie(says(7), fails=False),
    "a text": Lie(says("x"), fails=False),
    "an object of null": Lie(
        says(dict.fromkeys(("ok", "data", "result", "items", "values", "records", "results", "id", "error"))),
        fails=False,
    ),
    "an object of wrong types": Lie(
        says({"ok": True, **dict.fromkeys(("data", "result", "items", "values", "records", "results", "id"), 7)}),
        fails=False,
    ),
    "nothing": Lie(says(b""), fails=False),
    "no content": Lie(lambda exchange: exchange.answer(204), fails=False),
}
