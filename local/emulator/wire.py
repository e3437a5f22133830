"""JSON as AWS's services write it."""

import json
from typing import Any


def dumps(value: Any) -> str:
    """A value as JSON text, as Step Functions writes it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def encoded(text: str) -> bytes:
    """JSON text in UTF-8; half surrogate pairs, which UTF-8 cannot carry, as the escapes they came as."""
    return text.encode("utf-8", "backslashreplace")


def size(text: str) -> int:
    """The bytes of a text in UTF-8, half surrogate pairs as three."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
