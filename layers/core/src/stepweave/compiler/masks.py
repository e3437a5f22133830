"""Sets of nodes and ports as bit masks: nodes and ports are small integers, and a set of them is one integer."""

from collections.abc import Iterator


def bits(mask: int) -> Iterator[int]:
    """Yield the positions of the ones in `mask`, ascending."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low
