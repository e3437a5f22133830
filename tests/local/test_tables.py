"""The tables of docs/reference/contracts.md are the models' tables."""

import pytest

from local import tables


def test_the_committed_page_is_current() -> None:
    assert tables.main(["--check"]) == 0


def test_a_page_with_other_tables_is_written_anew_and_the_rest_of_it_stays() -> None:
    page = tables.PATH.read_text(encoding="utf-8")
    before, rest = page.split(tables.BEGIN)
    after = rest.split(tables.END)[1]
    stale = f"{before}{tables.BEGIN}| `logs` | gone |\n{tables.END}{after}"
    assert tables.rendered(stale) == page


def test_a_page_without_a_place_for_tables_is_refused() -> None:
    with pytest.raises(ValueError, match="has no <!-- tables"):
        tables.rendered("# Contracts\n")
