"""Sizes of data in words: one spelling in all messages, pages and guides. A KB has 1024 bytes here, a MB 1024 KB."""

from typing import Final

_UNITS: Final = ("KB", "MB", "GB", "TB")


def size_text(count: int) -> str:
    """Return a number of bytes as people read it: `812 bytes`, `1.2 KB`, `64 MB`.

    It is rounded up to a tenth, so that what is larger than a limit never reads as the limit.
    """
    if count < 1024:
        return "1 byte" if count == 1 else f"{count} bytes"
    tenths, unit = _tenths(count, 1024), 0
    while tenths >= 10_240 and unit < len(_UNITS) - 1:
        unit += 1
        tenths = _tenths(count, 1024 ** (unit + 1))
    whole, rest = divmod(tenths, 10)
    return f"{whole}.{rest} {_UNITS[unit]}" if rest else f"{whole} {_UNITS[unit]}"


def _tenths(count: int, unit: int) -> int:
    return -(-count * 10 // unit)
