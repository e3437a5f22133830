"""Numbers that SQL databases write as text: none loses a digit."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from stepweave.runtime.sql.values import bytes_of, hexadecimal, number


@given(st.decimals(allow_nan=False, allow_infinity=False, places=None))
def test_a_number_keeps_its_digits(value: Decimal) -> None:
    text = format(value, "f") if abs(value.adjusted()) < 300 else str(value)
    read = number(text)
    assert read == text or Decimal(repr(read)) == value


@given(st.binary())
def test_bytes_are_found_again(data: bytes) -> None:
    assert bytes_of(hexadecimal(data)) == data
