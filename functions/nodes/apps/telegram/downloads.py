"""Files at Telegram: how large those are that bots may get, and what they are called."""

from collections.abc import Mapping
from typing import Any, Final

MOST_MB: Final = 20
"""More is not given to bots (core.telegram.org/bots/api#getfile)."""


def file_name(told: Mapping[str, Any]) -> str:
    """Return the name of a file by what `getFile` says of it."""
    return str(told.get("file_path") or "file").rpartition("/")[2]
