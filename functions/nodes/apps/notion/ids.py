"""The IDs of pages and databases, also within their addresses."""

import re
from typing import Final

from stepweave.runtime.errors import ParameterInvalid

_ID: Final = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}", re.IGNORECASE)
_PEEK: Final = re.compile(r"[?&]p=([0-9a-f]{32})", re.IGNORECASE)


def id_of(text: str, title: str, field: str) -> str:
    """Return an ID with its dashes, of an ID or of an address that is copied from Notion.

    Args:
        text: `https://www.notion.so/team/Title-0123…?v=4567…` names the page; `&p=` one that is open beside it.
        title: of the parameter, for errors.
        field: its path, for errors.

    Raises:
        ParameterInvalid: there is none.
    """
    peek = _PEEK.search(text)
    found = [peek[1]] if peek else _ID.findall(text.partition("?")[0].partition("#")[0])
    if not found:
        raise ParameterInvalid(
            f"{title}: “{text.strip()[:80]}” has no ID of Notion's.",
            "Write the ID (32 letters and digits), or the address as Copy link gives it.",
            details={"field": field},
        )
    plain = found[-1].replace("-", "").lower()
    return "-".join((plain[:8], plain[8:12], plain[12:16], plain[16:20], plain[20:]))
