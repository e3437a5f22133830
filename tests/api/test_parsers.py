"""Parsers of what strangers send take anything: they give a value, or refuse it by the error that they promise."""

import base64
import json
from copy import deepcopy
from functools import cache
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.refusals import Refused
from api.schemas.base import cursor, keyset, read_cursor, read_keyset
from api.services.compiling import diagnose, read_document
from local.settings import ROOT

pytestmark = pytest.mark.no_cover  # many cases of what other tests cover

QUICK: Final = settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
ODD: Final = ("{{", "{{ $json.a }}", "{% $x %}", "../", "9" * 400, "start", "main", "{{ ({}).constructor }}")
LEAVES: Final = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
    | st.sampled_from(ODD)
)  # fmt: skip
JSON: Final = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
GOLDEN: Final = sorted((ROOT / "tests" / "golden").glob("*/workflow.json"))[::6]


@QUICK
@given(st.text(max_size=60) | JSON.map(lambda it: base64.urlsafe_b64encode(json.dumps(it).encode()).decode()))
def test_any_text_is_a_cursor_or_refused(text: str) -> None:
    for read in (read_cursor, lambda one: read_keyset(one, "name"), lambda one: read_keyset(one, "updated")):
        try:
            found: Any = read(text)
        except Refused as refused:
            found = (refused.code.name, "refused")
        assert found is None or len(found) == 2


@QUICK
@given(
    st.datetimes(), st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20), st.uuids()
)
def test_a_cursor_that_was_given_comes_back(at: Any, name: str, id: Any) -> None:
    assert read_cursor(cursor(at, id)) == (at, id)
    assert read_keyset(keyset("name", name, id), "name") == (name, id)


@cache
def documents() -> list[dict[str, Any]]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in GOLDEN]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return where something can be put in a document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, one in inner for place in places(one, (*path, key)))]


@QUICK
@given(st.data())
def test_a_document_that_is_bent_anywhere_is_told_of_and_breaks_nothing(data: st.DataObject) -> None:
    document = deepcopy(data.draw(st.sampled_from(documents())))
    for _ in range(data.draw(st.integers(1, 3))):
        found = [place for place in places(document) if place]
        *way, last = data.draw(st.sampled_from(found))
        inner: Any = document
        for key in way:
            inner = inner[key]
        if data.draw(st.booleans()):
            inner[last] = data.draw(JSON)
        else:
            del inner[last]
    try:
        read_document(document)
        refusal = None
    except Refused as refused:
        refusal = refused
    assert refusal is None or refusal.code.name in ("invalid_document", "newer_schema")
    told = diagnose(document)
    assert all(one.message and one.code for one in told)
