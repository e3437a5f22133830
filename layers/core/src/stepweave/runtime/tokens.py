"""What is looked at of a JSON Web Token before its signature: whether it is one, and means the same to everybody."""

import base64
import json
import re
from typing import Any, Final

MOST_CHARACTERS: Final = 64 * 1024
"""Of a token that is verified. With hundreds of groups in it one has 20,000."""
_PART: Final = re.compile(r"[A-Za-z0-9_-]*={0,2}")


class TokenMalformed(ValueError):
    """A token is none. `str()` says why, for people."""


def header_of(token: str) -> dict[str, Any]:
    """Return the header of a token, which nobody has verified.

    Raises:
        TokenMalformed: it is too long, has not three parts that can be read, a name twice (whose values parsers do not
            agree on), or demands extensions (`crit`).
    """
    if len(token) > MOST_CHARACTERS:
        raise TokenMalformed(f"It has {len(token):,} characters; at most {MOST_CHARACTERS:,} are read.")
    parts = token.split(".")
    if len(parts) != 3:
        raise TokenMalformed(f"It has {len(parts)} part{'s' if len(parts) != 1 else ''}; a signed token has three.")
    header = _object(parts[0], "header")
    _object(parts[1], "claims")
    if "crit" in header:
        raise TokenMalformed("It demands extensions that are not known here (crit).")
    if not isinstance(header.get("kid"), str | None):
        raise TokenMalformed("Its kid is no text.")
    return header


def _object(part: str, name: str) -> dict[str, Any]:
    try:
        if not _PART.fullmatch(part):
            raise ValueError(part)
        data = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)), object_pairs_hook=_once)
    except TokenMalformed:
        raise
    except (ValueError, RecursionError):
        raise TokenMalformed(f"Its {name} cannot be read.") from None
    if not isinstance(data, dict):
        raise TokenMalformed(f"Its {name} are no object." if name == "claims" else f"Its {name} is no object.")
    return data


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise TokenMalformed(f"It says {json.dumps(twice[:80])} twice.")
    return found
