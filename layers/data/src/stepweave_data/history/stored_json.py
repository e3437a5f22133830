"""JSON text that Postgres takes as `json` and as `jsonb`, and that can be read again: without NUL, half surrogates, NaN
and infinities (manual, 8.14), and not nested too deeply.

What comes in at the product's doors is refused there; this is the last line of defence. Nodes may produce all of these;
the history must not lose an event for them.
"""

import json
import re
from typing import Any, Final

from stepweave.model.depth import cut_to, deeper_than
from stepweave.model.json_text import REPLACEMENT, finite, mended_text

MOST_DEPTH: Final = 235
"""Of what is recorded: the events around items, which may have `stepweave.runtime.results.MOST_DEPTH`."""
_NUL: Final = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
"""An escaped NUL, and not a backslash followed by u0000."""


def json_text(value: Any) -> str:
    """Return JSON with its keys in their order. What Postgres cannot hold becomes U+FFFD in text, and null for numbers;
    what lies too deep becomes `…`."""
    try:
        text = _dumps(value)
        if text.count("{") + text.count("[") > MOST_DEPTH and deeper_than(value, MOST_DEPTH):
            text = _dumps(cut_to(value, MOST_DEPTH))
    except (ValueError, RecursionError):
        text = _dumps(finite(cut_to(value, MOST_DEPTH)))
    if "\\u0000" in text:
        text = _NUL.sub(rf"\1{REPLACEMENT}", text)
    return mended_text(text)


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
