"""The name of a file that somebody sends: its own (RFC 6266), else the end of the URL's path."""

import re
from typing import Final
from urllib.parse import unquote, unquote_to_bytes

from stepweave.runtime.charsets import codec_of

_PARAMETER: Final = re.compile(r";\s*([A-Za-z0-9!#$&+.^_`|~*-]+)\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^;]*))", re.DOTALL)
_EXTENDED: Final = re.compile(r"([^']*)'[^']*'(.*)", re.DOTALL)
"""Charset, language and percent-encoded bytes (RFC 8187, section 3.2)."""
_LONGEST: Final = 200
_UNSAFE: Final = re.compile(r"[\\/\x00-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""What could make a path of a name, or show it as another."""


def file_name(disposition: str, path: str) -> str:
    """Return a name, never a path: whoever saves the file must not be led elsewhere.

    Args:
        disposition: the header `Content-Disposition`, empty where there is none.
        path: of the URL, percent-encoded.
    """
    given = {
        name.lower(): re.sub(r"\\(.)", r"\1", quoted) or plain.strip()
        for name, quoted, plain in _PARAMETER.findall(disposition)
    }
    name = _extended(given.get("filename*", "")) or given.get("filename", "")
    return safe_name(name) or safe_name(unquote(path.partition("?")[0].rpartition("/")[2])) or "file"


def _extended(value: str) -> str:
    found = _EXTENDED.fullmatch(value)
    codec = codec_of(found[1] or "utf-8") if found else None
    return unquote_to_bytes(found[2]).decode(codec, "replace") if found and codec else ""


def safe_name(name: str) -> str:
    """Return a name without what makes a path of it or shows it as another; "" where nothing is left."""
    name = _UNSAFE.sub("_", name).strip(". ")
    stem, dot, ending = name.rpartition(".")
    if len(name) <= _LONGEST or not dot or len(ending) > 20:
        return name[:_LONGEST]
    return f"{stem[: _LONGEST - len(ending) - 1]}.{ending}"
