"""JSON text that Postgres' jsonb takes: without NUL, half surrogate pairs, NaN and infinities (manual, 8.14).

Nodes may produce all of these; the history must not lose an event for them.
"""

import json
import re
from typing import Any, Final

from stepweave.model.json_text import REPLACEMENT, finite, mended_text

_NUL: Final = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
"""An escaped NUL, and not a backslash followed by u0000."""


def jsonb_text(value: Any) -> str:
    """Return JSON for jsonb: what it cannot hold becomes U+FFFD in text, and null for numbers."""
    try:
        text = _dumps(value)
    except ValueError:
        text = _dumps(finite(value))
    if "\\u0000" in text:
        text = _NUL.sub(rf"\1{REPLACEMENT}", text)
    return mended_text(text)


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
