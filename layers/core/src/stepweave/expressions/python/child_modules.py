"""Which modules people's Python may import: the part of the standard library that computes.

The list is a courtesy that says early and in words what there is. What holds is the kernel (`system_calls`): a module
that is reached in spite of it can do nothing either.
"""

import re

_COMPUTING = """
    __future__ abc array ast base64 binascii bisect bz2 calendar cmath codecs collections colorsys configparser
    contextlib copy csv dataclasses datetime decimal difflib email enum fnmatch fractions functools gettext
    graphlib gzip hashlib heapq hmac html io ipaddress itertools json keyword locale logging lzma math mimetypes
    numbers operator pprint quopri random re reprlib sched secrets shlex statistics string stringprep struct
    textwrap time timeit tomllib traceback types typing unicodedata urllib uuid warnings weakref xml zlib
    zoneinfo _strptime copyreg
"""
_BELOW = """
    _collections_abc _compat_pickle _datetime _pydatetime _pydecimal _strptime _weakrefset _zoneinfo encodings
    importlib linecache opcode dis inspect pyexpat token tokenize copyreg sre_compile sre_parse sre_constants
    _markupbase _compression nturl2path threading tempfile pickle os posixpath genericpath stat bisect selectors
    queue
"""
ALLOWED = frozenset(_COMPUTING.split())
"""By their first names. The last two are imported by built-in functions in the name of who calls them."""
_HIDDEN = frozenset(("urllib.request", "urllib.robotparser", "urllib.response", "xml.sax.expatreader"))
"""Submodules that open connections."""
INTERNAL = ALLOWED | frozenset(_BELOW.split())
"""What those import themselves while they run, which may be loaded for them; `is_allowed` asks before it is."""
_IMPORTS = re.compile(r"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import\b|import[ \t]+([\w., \t]+))", re.MULTILINE)
_NAME = re.compile(r"[A-Za-z_][\w.]{0,100}")


def is_allowed(name: str) -> bool:
    """Return whether people's code may import a module."""
    return name.split(".")[0] in ALLOWED and name not in _HIDDEN


def is_loadable(name: str) -> bool:
    """Return whether a module may be loaded for a run, by people's code or by what that uses."""
    return bool(_NAME.fullmatch(name)) and name.split(".")[0] in INTERNAL and name not in _HIDDEN


def imported(code: str) -> list[str]:
    """Return the allowed modules that import statements in a source name, so that they are there before it runs."""
    names: dict[str, None] = {}
    for found in _IMPORTS.finditer(code):
        for part in (found[1] or found[2]).split(","):
            name = part.split()[0] if part.split() else ""
            if is_allowed(name) and is_loadable(name):
                names[name] = None
    return list(names)


def why_not(name: str, standard: "frozenset[str]") -> str:
    """Return the words for a module that may not be imported."""
    if name.split(".")[0] in standard:
        return f"{name} is not available in a code node, whose code reaches no files, processes, network or threads"
    return f"there is no module {name} here: code nodes have the part of Python's standard library that computes"
