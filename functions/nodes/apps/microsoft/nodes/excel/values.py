"""Values as cells take them, and as they come.

Excel reads text as if it were typed in (learn.microsoft.com/graph/api/range-update): what begins with =, + or - is a
formula, `007` a number. An apostrophe in front keeps it text, and is no part of it.
"""

import json
import re
from typing import Any, Final

from stepweave.model.numbers import scalar_text

_FORMULA: Final = re.compile(r"\s*[=+\-@\t\r]")
_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
_EXACT: Final = re.compile(r"0\d+|[+-]?\d{16,}")
"""Digits of which Excel keeps not all: zeros in front, and those behind the fifteenth."""
_LARGEST: Final = 10**15
_LONGEST: Final = 32_767


def cell_of(value: Any, *, formulas: bool) -> Any:
    """Return a value as it is sent; null leaves a cell as it is.

    Args:
        value: any; an object or a list becomes its JSON.
        formulas: whether text may be a formula.

    Raises:
        ValueError: it has more characters than a cell holds.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        exact = isinstance(value, int) and abs(value) >= _LARGEST
        return f"'{value}" if exact else value
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if len(text) > _LONGEST:
        raise ValueError(f"{len(text)} characters; a cell holds {_LONGEST}")
    plain = _NUMBER.fullmatch(text.strip())
    if _EXACT.fullmatch(text.strip()) or text.startswith("'"):
        return f"'{text}"
    if _FORMULA.match(text) and not plain and not (formulas and text.lstrip().startswith("=")):
        return f"'{text}"
    return text


def key_of(value: Any) -> str:
    """Return what a row is known by: 5, 5.0 and " 5" are one, and so are Ada and ADA."""
    if isinstance(value, str | bool | int | float):
        text = scalar_text(int(value) if isinstance(value, float) and value.is_integer() else value)
        return text.strip().casefold()
    return "" if value is None else json.dumps(value, sort_keys=True)
