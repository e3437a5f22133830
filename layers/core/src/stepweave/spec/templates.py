"""Templates over a credential's fields: `Bearer {token}`. Not expressions: nothing is evaluated.

A value is put where it stands as what it is there: in a URL it cannot lead elsewhere, in JSON it ends no text.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import quote

from stepweave.model.numbers import scalar_text

_PLACE: Final = re.compile(r"\{(?!credential\})(\w+)\}")
"""A field's place. `{credential}` is none: it stays until the credential is put on the request (`OnRequest.path`)."""
_HOST: Final = re.compile(r"[^\W_](?:[\w.-]*[^\W_])?(?::[0-9]{1,5})?")
"""A host's name or some labels of one, in any script, and perhaps a port."""
_AUTHORITY: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")


class TemplateUnfilled(ValueError):
    """A value cannot stand where the template has it. `str()` says which, and what may."""


def filled(template: str, data: Mapping[str, Any]) -> str | None:
    """Return a template with its `{fields}` filled in; None where one of them is missing or empty."""
    if any(data.get(name) in (None, "") for name in _PLACE.findall(template)):
        return None
    return _PLACE.sub(lambda match: scalar_text(data[match[1]]), template)


def filled_url(template: str, data: Mapping[str, Any]) -> str | None:
    """Return a URL with its `{fields}` filled in; None where one of them is missing or empty.

    A place at the very beginning takes a URL, or the beginning of one, as it is written. One in the host takes a part
    of a name. Anywhere else a value is escaped whole, so that `/`, `?`, `#` and `&` in it mean nothing.

    Raises:
        TemplateUnfilled: a value is no part of a host's name, or a way up in the path (`..`).
    """
    if any(data.get(name) in (None, "") for name in _PLACE.findall(template)):
        return None

    def put(match: re.Match[str]) -> str:
        text = scalar_text(data[match[1]])
        if match.start() == 0:
            return text
        before = template[: match.start()]
        if _AUTHORITY.fullmatch(before):
            if not _HOST.fullmatch(text):
                raise TemplateUnfilled(f"{match[1]} cannot be a part of a host's name: write the name alone.")
            return text
        if text in (".", "..") and "?" not in before:
            raise TemplateUnfilled(f"{match[1]} cannot be {text}.")
        return quote(text, safe="")

    return _PLACE.sub(put, template)


def filled_json(template: str, data: Mapping[str, Any]) -> str | None:
    """Return a JSON text with its `{fields}`, which stand in its texts, filled in; None as in `filled`."""
    if any(data.get(name) in (None, "") for name in _PLACE.findall(template)):
        return None
    return _PLACE.sub(lambda match: json.dumps(scalar_text(data[match[1]]))[1:-1], template)


def filled_hosts(templates: Iterable[str], data: Mapping[str, Any]) -> list[str]:
    """Return the patterns of hosts that templates give, in lower case: those whose fields are all there.

    Only a template that is one field gives several: a comma in a part of a host's name makes no second host of it.
    """
    found = [(template, filled(template, data)) for template in templates]
    parts = [text.split(",") if is_one_field(template) else [text] for template, text in found if text is not None]
    return [host for texts in parts for text in texts if (host := text.strip().lower())]


def is_one_field(template: str) -> bool:
    """Return whether a template is a field and nothing else."""
    return _PLACE.fullmatch(template) is not None


def placeholders(template: str) -> list[str]:
    """Return the names of the fields that a template takes."""
    return _PLACE.findall(template)
