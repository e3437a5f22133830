"""What `make check` takes for a secret."""

from pathlib import Path

import pytest

from api.services.api_keys import new_text
from local.leaks import leaks

KEY = new_text()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"key = '{KEY}'", 1),
        (f"key = '{KEY[:-1]}{'a' if KEY[-1] != 'a' else 'b'}'", 0),  # its checksum is wrong
        ("AKIA" + "Q3EGUXAMPL7Z2K4D", 1),
        ("AKIAIOSFODNN7EXAMPLE", 0),
        ("ghp_" + "a1B2" * 9, 1),
        ("sk_live_" + "a1B2" * 6, 1),
        ("nothing\nof\nthe kind", 0),
    ],
    ids=["a key", "a wrong sum", "AWS", "AWS's example", "GitHub", "Stripe", "nothing"],
)
def test_secrets_are_found_and_examples_are_not(text: str, found: int, tmp_path: Path) -> None:
    file = tmp_path / "some.py"
    file.write_text(f"\n{text}\n")
    assert [(name, line) for name, line, _ in leaks([file])] == [(str(file), 2)] * found
