"""Answers as examples: what differs from run to run is put in the place of something that does not, secrets go."""

import re
from collections.abc import Callable
from typing import Any, Final

MOST_ITEMS: Final = 2
MOST_CHARACTERS: Final = 400
_BY_KEY: Final[dict[str, Any]] = {
    "accessToken": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.c2lnbmF0dXJl",
    "authorizeUrl": "https://provider.example/oauth2/authorize?response_type=code&client_id=stepweave&code_challenge=...",
    "ticket": "b25lIGNvbm5lY3Rpb24",
    "nextCursor": "WyIyMDI2LTAxLTA1VDA5OjMwOjAwKzAwOjAwIiwgIi4uLiJd",
    "cursor": "WyIyMDI2LTAxLTA1VDA5OjMwOjAwKzAwOjAwIiwgIi4uLiJd",
    "durationMs": 1500.0,
    "password": "correct horse battery",
    "currentPassword": "correct horse battery",
    "newPassword": "staple the battery to a horse",
    "dsn": "postgresql://reader:secret@db.example.com/shop",
}
_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_CHANGING: Final = (
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?"), "2026-01-05T09:30:00Z"),
    (re.compile(r"^\d{4}-\d\d-\d\d$"), "2026-01-05"),
    (re.compile(r"[0-9a-f]{12}@example\.com"), "ada@example.com"),
    (re.compile(r"\b([Tt]eam)[ -][0-9a-f]{8}\b"), r"\1"),
    (re.compile(r"\bp-[0-9a-f]{8}\b"), "orders"),
    (re.compile(r"127\.0\.0\.1:\d+"), "127.0.0.1:8400"),
    (re.compile(r"(#entry=)[0-9a-f]+\.([0-9a-f-]{36})\.[\w-]{43}"), r"\g<1>695b8f14.\2.b25jZQ"),
)


def plain(value: Any) -> Any:
    """Return JSON as an example: ids by number, one moment, no secrets, lists of at most two."""
    ids: dict[str, str] = {}

    def number(match: re.Match[str]) -> str:
        return ids.setdefault(match[0], f"00000000-0000-4000-8000-{len(ids) + 1:012}")

    return _plain(value, "", number)


def _plain(value: Any, key: str, number: Callable[[re.Match[str]], str]) -> Any:
    if key in _BY_KEY and value is not None:
        return _BY_KEY[key]
    if isinstance(value, dict):
        return {_text(name, number): _plain(one, name, number) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one, "", number) for one in value[:MOST_ITEMS]]
    return _text(value, number) if isinstance(value, str) else value


def _text(text: str, number: Callable[[re.Match[str]], str]) -> str:
    text = _UUID.sub(number, text)
    for pattern, instead in _CHANGING:
        text = pattern.sub(instead, text)
    return text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]}…"
