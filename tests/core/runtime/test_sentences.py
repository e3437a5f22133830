"""What is said of a failure, as whole sentences."""

import pytest

from stepweave.runtime.errors import sentences


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (("refused: wrong", "Check the password."), "refused: wrong. Check the password."),
        (("Is it there?", "", " Yes! ", "Maybe…"), "Is it there? Yes! Maybe…"),
        (("", " "), ""),
    ],
)  # fmt: skip
def test_each_part_is_a_sentence(parts: tuple[str, ...], said: str) -> None:
    assert sentences(*parts) == said
