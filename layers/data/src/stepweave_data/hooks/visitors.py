"""Which language a visitor reads (`Accept-Language`), for pages that belong to no author who chose one."""

import re
from collections.abc import Mapping
from typing import Final

from stepweave_data.hooks.looks import Look
from stepweave_data.hooks.words import texts_for

_RANGE: Final = re.compile(r"\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)\s*(?:;\s*[qQ]\s*=\s*([01](?:\.[0-9]{0,3})?)\s*)?")
"""A language and its weight (RFC 9110, 12.5.4). `*` stands for nobody's language in particular, so it chooses none."""
_UNDERSCORE: Final = str.maketrans("_", "-")
"""Some browsers write `en_US`, as their systems do."""
_LONGEST: Final = 1000
"""Characters of a header that are looked at; browsers send about fifty."""


def language_of(headers: Mapping[str, str]) -> str:
    """Return the tag of the language for a visitor: the best one that there are texts in, else English.

    Args:
        headers: of the request, names in lower case. What cannot be read in them is passed over.
    """
    written = headers.get("accept-language", "")[:_LONGEST].translate(_UNDERSCORE)
    found = [_RANGE.fullmatch(part) for part in written.split(",")]
    wanted = [(float(one[2] or 1), one[1]) for one in found if one]
    for weight, tag in sorted(wanted, key=lambda one: -one[0]):
        if weight > 0 and (name := texts_for(tag)):
            return name
    return "en"


def plain(headers: Mapping[str, str]) -> Look:
    """Return how pages look that nobody chose looks for: plain, and in the visitor's language."""
    return {"color": "", "appearance": "auto", "logoUrl": "", "language": language_of(headers), "embed": ""}
