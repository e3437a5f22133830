"""When two JSON values are the same: the one definition for joins, duplicates, groups, comparisons, distinct lists.

Numbers are the same by value: 1 is 1.0. true is not 1, text is no number, null is only null. The order of an object's
names does not count, that of a list's entries does. `stepweave.model.numbers.same`, which conditions use, differs in
one thing: it sees numbers as JavaScript does, to which whole numbers beyond 2**53 may be the same that are not here.
Whoever drops one of two items must tell their ids apart.

`loosened` is for whoever wants less: text that is a number is one, and what is empty is the same.
"""

import json
from typing import Any, Final

from stepweave.model.numbers import read_number

_TRUE: Final = ("boolean", True)
_FALSE: Final = ("boolean", False)
_WORDS: Final = {"true": True, "false": False}


def same_key(value: Any) -> Any:
    """Return something hashable that is equal for JSON values that are the same, at any depth, and for no others."""
    if isinstance(value, str) or value is None:
        return value
    if isinstance(value, bool):
        return _TRUE if value else _FALSE
    if isinstance(value, int | float):
        return value  # Python's numbers are equal by value, and so are their hashes
    return ("json", json.dumps(_canonical(value), sort_keys=True))


def _canonical(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _canonical(entry) for name, entry in value.items()}
    if isinstance(value, list):
        return [_canonical(entry) for entry in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def loosened(value: Any, *, ignore_case: bool = False) -> Any:
    """Return a JSON value that is the same for values which are loosely equal.

    Text that is a number is the number, `true` and `false` as text are what they say, white space around text does not
    count; null, "", [] and {} are all null. Within lists and objects likewise.

    Args:
        value: JSON data.
        ignore_case: text that differs in case only is equal, too.
    """
    if isinstance(value, str):
        text = value.strip()
        word = _WORDS.get(text.lower())
        if word is not None:
            return word
        number = read_number(text)
        if number is not None:
            return number
        return (text.casefold() if ignore_case else text) or None
    if isinstance(value, dict):
        return {name: loosened(entry, ignore_case=ignore_case) for name, entry in value.items()} or None
    if isinstance(value, list):
        return [loosened(entry, ignore_case=ignore_case) for entry in value] or None
    return value


def folded(value: Any) -> Any:
    """Return a JSON value whose text, at any depth, is the same where only upper and lower case differ."""
    if isinstance(value, str):
        return value.casefold()
    if isinstance(value, dict):
        return {name: folded(entry) for name, entry in value.items()}
    if isinstance(value, list):
        return [folded(entry) for entry in value]
    return value
