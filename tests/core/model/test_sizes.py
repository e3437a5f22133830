"""Sizes in words."""

import pytest

from stepweave.model.sizes import size_text


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (1023, "1023 bytes"),
        (1024, "1 KB"),
        (1025, "1.1 KB"),
        (256 * 1024, "256 KB"),
        (256 * 1024 + 1, "256.1 KB"),
        (1024**2 - 1, "1 MB"),
        (64 * 1024**2, "64 MB"),
        (64 * 1024**2 + 1, "64.1 MB"),
        (5 * 1024**5, "5120 TB"),
    ],
)
def test_a_size_reads_in_the_largest_unit_and_never_as_the_limit_that_it_is_above(count: int, words: str) -> None:
    assert size_text(count) == words
