"""Rows of names and values, as an HTTP client sends them: a list repeats its name, null leaves the row out."""

from collections.abc import Sequence
from typing import Any

from stepweave.model.json_text import mended_text
from stepweave.model.numbers import scalar_text
from stepweave.runtime.errors import ParameterInvalid
from stepweave.spec.http_fields import Row


def pairs_of(rows: Sequence[Row], title: str, field: str) -> list[tuple[str, str]]:
    """Return the name and the text of every value, in the order of the rows.

    Args:
        rows: of a key-value field.
        title: what the field is called, for errors.
        field: its path in the parameters, for errors.

    Raises:
        ParameterInvalid: a value is an object or a list of lists, or stands without a name. The row is named.
    """
    pairs: list[tuple[str, str]] = []
    for index, row in enumerate(rows):
        where = f"{title}, row {index + 1}" + (f" (“{row.name[:80]}”)" if row.name else "")
        values = row.value if isinstance(row.value, list) else [row.value]
        for value in values:
            if value is None or (not row.name and value == ""):
                continue
            if not row.name:
                raise _invalid(
                    f"{where}: a value without a name", "Name it, or remove the row.", f"{field}.{index}.name"
                )
            text = _text(value)
            if text is None:
                remedy = "Take a field of it, or write it as text: {{ JSON.stringify($json.value) }}."
                raise _invalid(f"{where}: {_called(value)} cannot be sent", remedy, f"{field}.{index}.value")
            pairs.append((mended_text(row.name), text))
    return pairs


def _text(value: Any) -> str | None:
    """Return a value as JavaScript writes it; None for what has no text."""
    return mended_text(scalar_text(value)) if isinstance(value, str | bool | int | float) else None


def _called(value: Any) -> str:
    return "an object" if isinstance(value, dict) else "a list in a list" if isinstance(value, list) else str(value)


def _invalid(problem: str, remedy: str, field: str) -> ParameterInvalid:
    return ParameterInvalid(problem + ".", remedy, details={"field": field})
