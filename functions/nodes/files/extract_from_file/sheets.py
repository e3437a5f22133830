"""Which sheets of a workbook are read."""

from collections.abc import Sequence

from functions.nodes.files.extract_from_file.errors import SheetNotFound


def chosen(wanted: str, names: Sequence[str]) -> list[str]:
    """Return the names of the sheets that are meant: the first one, all (`*`), by name, or by number from 1.

    Raises:
        SheetNotFound: there is none such.
    """
    if wanted == "*":
        return list(names)
    if not wanted and names:
        return [names[0]]
    same = [name for name in names if name == wanted] or [
        name for name in names if name.strip().casefold() == wanted.strip().casefold()
    ]
    if same:
        return same[:1]
    if wanted.isdecimal() and 1 <= int(wanted[:9]) <= len(names):
        return [names[int(wanted) - 1]]
    there = ", ".join(f"“{name[:40]}”" for name in names[:20]) or "none"
    raise SheetNotFound(
        f"There is no sheet “{wanted[:80]}”.",
        f"The sheets are: {there}.",
        details={"field": "params.sheet", "names": [name[:100] for name in names[:100]]},
    )
