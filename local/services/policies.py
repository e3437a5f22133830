"""The security headers of each path, from the data that CloudFront has, too (`stacks/security_headers.json`)."""

import json
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any, Final

from local.settings import ROOT

_GIVEN: Final[dict[str, Any]] = json.loads((ROOT / "stacks" / "security_headers.json").read_text())
ROOMS: Final = tuple(pattern.removesuffix("/*") for pattern in _GIVEN["rooms"])
"""What paths of tenants' pages begin with."""


def security_headers() -> Callable[[str], dict[str, str]]:
    """Return what gives a path's headers, the same that CloudFront sets (`stacks/security_headers.json`)."""
    whole = {path: {**_GIVEN["every"], **_GIVEN[name]} for path, name in _GIVEN["paths"].items()}
    made = {path: {name: value for name, value in one.items() if value is not None} for path, one in whole.items()}

    def of(path: str) -> dict[str, str]:
        # As CloudFront compares paths; a bare `/hooks` has what is below it.
        return next(
            headers for pattern, headers in made.items() if fnmatchcase(path, pattern) or f"{path}/*" == pattern
        )

    return of


def own_headers() -> Callable[[str], frozenset[str]]:
    """Return what gives the headers of a path that count where an answer has them itself."""
    made = {path: frozenset(_GIVEN["ownCounts"].get(name, ())) for path, name in _GIVEN["paths"].items()}
    return lambda path: next(names for pattern, names in made.items() if fnmatchcase(path, pattern))
