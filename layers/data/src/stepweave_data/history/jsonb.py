"""JSON text that Postgres' jsonb takes: without NUL, half surrogate pairs, NaN and infinities (manual, 8.14).

Nodes may produce all of these; the history must not lose an event for them.
"""

import json
import math
import re
from typing import Any, Final

REPLACEMENT: Final = "\ufffd"
_NUL: Final = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
"""An escaped NUL, and not a backslash followed by u0000."""
_HALF: Final = re.compile("[\ud800-\udfff]")


def jsonb_text(value: Any) -> str:
    """Return JSON for jsonb: what it cannot hold becomes U+FFFD in text, and null for numbers."""
    try:
        text = _dumps(value)
    except ValueError:
        text = _dumps(_finite(value))
    if "\\u0000" in text:
        text = _NUL.sub(rf"\1{REPLACEMENT}", text)
    return _HALF.sub(REPLACEMENT, text)


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _finite(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_finite(entry) for entry in value]
    return value
