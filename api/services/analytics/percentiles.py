"""Percentiles out of a logarithmic histogram, whose buckets Postgres fills (`duration_bucket`). Pure.

A bucket's bounds differ by the factor `_GAMMA`, so the value that is told for it is at most 2 % off. Histograms are
merged by adding their counts, which is exact.
"""

from collections.abc import Mapping
from typing import Final

_ERROR: Final = 0.02
_GAMMA: Final = (1 + _ERROR) / (1 - _ERROR)
WANTED: Final = (0.5, 0.95, 0.99)


def value_of(bucket: int) -> float:
    """Return the duration, in milliseconds, that a bucket stands for; bucket 0 holds all up to one millisecond."""
    return 1.0 if bucket <= 0 else 2 * _GAMMA**bucket / (_GAMMA + 1)


def percentiles(histogram: Mapping[int, int]) -> tuple[float, ...] | None:
    """Return the durations that `WANTED` of all are below; None where there are none."""
    total = sum(histogram.values())
    if total <= 0:
        return None
    found: list[float] = []
    passed = 0
    for bucket in sorted(histogram):
        passed += histogram[bucket]
        while len(found) < len(WANTED) and passed >= WANTED[len(found)] * total:
            found.append(value_of(bucket))
    return tuple(found)
