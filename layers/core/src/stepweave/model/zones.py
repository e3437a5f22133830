"""Time zones by their IANA names, wherever somebody writes one.

`zoneinfo` opens whatever file a name leads to: folders (`Europe`), the machine's own zone (`localtime`) and tables that
EventBridge Scheduler and browsers do not know (`posix/...`). None of them is a time zone here.
"""

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_+\-]*(/[A-Za-z0-9_+\-]+)*")
_NO_ZONES: Final = re.compile(r"(localtime|posixrules|Factory|leapseconds|tzdata)$|(posix|right)/")


class UnknownTimeZone(ValueError):
    """There is no such time zone. `str()` says so, and what a name looks like."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no time zone {name[:64]!r}; write its IANA name, such as Europe/Berlin or UTC.")


def time_zone(name: str) -> "ZoneInfo":
    """Return a time zone by its name, as IANA spells it. Raises UnknownTimeZone."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    if not _NAME.fullmatch(name) or _NO_ZONES.match(name):
        raise UnknownTimeZone(name)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownTimeZone(name) from None
