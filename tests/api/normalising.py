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
    "challenge": "Y2hhbGxlbmdl",
    "confirmation": "Y29uZmlybWF0aW9u",
    "clientSecret": "what the provider gave",
    "codes": ["jzxl-uluf-iwwl-lg3n", "f27k-3h2w-opsm-eomz"],
    "recoveryCode": "jzxl-uluf-iwwl-lg3n",
    "secret": "JBSWY3DPEHPK3PXP",
    "uri": "otpauth://totp/Stepweave:ada%40example.com?secret=JBSWY3DPEHPK3PXP&issuer=Stepweave",
    "picture": "data:image/svg+xml,...",
    "rawId": "Y3JlZGVudGlhbA",
    "clientDataJSON": "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0",
    "attestationObject": "o2NmbXRkbm9uZQ",
    "authenticatorData": "SZYN5YgOjGh0NBcP",
    "signature": "MEUCIQ",
    "userHandle": "YWRh",
    "meanMs": 84.0,  # from fixed moments to the one of the test
    "p50Ms": 81.5,
    "p95Ms": 97.2,
    "p99Ms": 99.1,
    "dsn": "postgresql://reader:secret@db.example.com/shop",
}
_BINARY: Final = re.compile(r"[\w-]{22}|[\w-]{43}")
"""What browsers call credentials and people: 16 or 32 bytes as base64url."""
_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_CHANGING: Final = (
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?"), "2026-01-05T09:30:00Z"),
    (re.compile(r"^\d{4}-\d\d-\d\d$"), "2026-01-05"),
    (re.compile(r"^\d{4}-\d\d$"), "2026-01"),
    (re.compile(r"[0-9a-f]{12}@example\.com"), "ada@example.com"),
    (re.compile(r"^[\w-]{43}$"), "bm90aGluZyB0aGF0IG9wZW5zIGFueSBkb29yLCBldmVy"),
    (re.compile(r"^\d{6}$"), "123456"),
    (re.compile(r"^[0-9a-f]{8}$"), "5d1c09f2"),
    (re.compile(r"stepweave-domain=[0-9a-f]{32}"), "stepweave-domain=0f1e2d3c"),
    (re.compile(r"\b([Tt]eam)[ -][0-9a-f]{8}\b"), r"\1"),
    (re.compile(r"\bp-[0-9a-f]{8}\b"), "orders"),
    (re.compile(r"\bengines-[0-9a-f]{6}\b"), "engines"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
    (re.compile(r"(/status/)[\w-]{43}"), r"\1bm90aGluZyB0aGF0IG9wZW5zIGFueSBkb29yLCBldmVy"),
    (re.compile(r"swk_\w{38}"), "swk_" + "x" * 38),
    (re.compile(r"swk_\w{4}…\w{4}"), "swk_xxxx…xxxx"),
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
    if key == "id" and isinstance(value, str) and _BINARY.fullmatch(value):
        return _BY_KEY["rawId"]
    if isinstance(value, dict):
        return {_text(name, number): _plain(one, name, number) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(_numbered(one, place), "", number) for place, one in enumerate(value[:MOST_ITEMS], 1)]
    return _text(value, number) if isinstance(value, str) else value


def _numbered(one: Any, place: int) -> Any:
    """Give a message of a talk its place for an id: those in the database go on over all tenants and tests."""
    is_message = isinstance(one, dict) and "role" in one and isinstance(one.get("id"), int)
    return {**one, "id": place} if is_message else one


def _text(text: str, number: Callable[[re.Match[str]], str]) -> str:
    text = _UUID.sub(number, text)
    for pattern, instead in _CHANGING:
        text = pattern.sub(instead, text)
    return text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]}…"
