"""Both lanes agree: a plain path gives in Python what it gives in the engine."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepweave.expressions import ExpressionError, Scope, inherited
from stepweave.expressions.engine import Engine, EngineError
from stepweave.expressions.paths import UNDEFINED, Path, parse_path, written
from stepweave.expressions.resolve import Doubtful, resolve, to_text
from stepweave.expressions.session import Session
from tests.core.expressions.table import scope_of

pytestmark = pytest.mark.no_cover  # many cases of what other tests cover: traced, they take twice as long

NAMES = st.sampled_from(
    ["a", "b", "length", "0", "1", "constructor", "c d", "é", "toString", "__proto__", "$x", "toJSON", "json", "01"]
)
NUMBERS = (
    st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from([1e21, 1e-7, -0.0, 5e-324, 2.0**53, 0.1 + 0.2, 123456789.5, 1e300, 2.0**-24])
)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=4) | st.sampled_from(["\ud83e", "x🦄y", "\u2028"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | st.text(max_size=2), inner, max_size=4),
    max_leaves=10,
)
OBJECTS = st.dictionaries(NAMES, VALUES, max_size=4)
STEPS = st.lists(st.tuples(NAMES | st.integers(0, 3), st.booleans()), max_size=4)
STARTS = st.sampled_from(
    [
        "$json",
        "$input.item.json",
        "$input.first()",
        "$input.all()",
        "$('N').item",
        "$('N').last().json",
        "$('M').all()",
        '$node["N"].json',
        "$node.M.json",
        "$('M').item",
        "$('None').first()",
        "$binary",
        "$('?').first()",
        "$vars",
    ]
)


def source_of(start: str, steps: list[tuple[str | int, bool]]) -> str:
    """Write a path, with dots where they are legal and brackets elsewhere."""
    pieces = [start]
    for key, optional in steps:
        if isinstance(key, str) and key.isascii() and key.replace("$", "_").isidentifier():
            pieces.append(f"{'?.' if optional else '.'}{key}")
        else:
            pieces.append(f"{'?.' if optional else ''}[{json.dumps(key)}]")
    return "".join(pieces)


def outcome(value: Any) -> str:
    """Return a value with its keys' order, so that 1 and 1.0 and true differ, and so do orders."""
    return json.dumps(None if value is UNDEFINED else value)


@settings(max_examples=600)
@given(OBJECTS, OBJECTS, STARTS, STEPS)
def test_both_lanes_agree_on_every_plain_path(
    data: dict[str, Any], other: dict[str, Any], start: str, steps: list[tuple[str | int, bool]]
) -> None:
    source = source_of(start, steps)
    outputs: dict[str, Any] = {"N": {"main": [{"json": other}]}, "M": {"a": [{"json": data}], "b": [{"json": other}]}}
    items: list[Any] = [{"json": data}, {"json": {}}]
    lineage: dict[str, Any] = {"ids": {"N": "n", "M": "m"}, "origins": [{"m": ["b", 0]}, {"m": None}]}
    scope = Scope.of_outputs(items, {**outputs, "None": None}, variables=other, **lineage)
    parsed = parse_path(source)
    assert isinstance(parsed, Path)
    session = Session(scope, 1.0, 2**26)
    try:
        value = resolve(parsed, scope, 0)
        text = to_text(value)
    except Doubtful:
        return
    except ExpressionError:
        with pytest.raises(EngineError, match="TypeError"):
            session.run(source, 0, as_text=False)
        return
    assert outcome(value) == outcome(session.run(source, 0, as_text=False))
    assert text == session.run(source, 0, as_text=True)


@settings(max_examples=200)
@given(st.text(max_size=6), st.sampled_from("'\"`"))
def test_both_lanes_agree_on_string_literals(text: str, quote: str) -> None:
    source = quote + text + quote
    parsed = parse_path(source)
    if parsed is None or isinstance(parsed, Path):
        return
    scope = scope_of([])
    assert resolve(parsed, scope, 0) == Session(scope, 1.0, 2**26).run(source, 0, as_text=False)


@pytest.mark.parametrize(
    "source",
    [r"'\x41\u0042\u{1F984}'", r"'\ud83e\udd84'", r"'a\'b\"c\\d'", r'"\n\t\b\f\v\0"', "'a\\\nb'", "`x\ny`", "12", "0"],
)
def test_escapes_and_numbers_are_read_as_the_engine_does(source: str) -> None:
    parsed = parse_path(source)
    assert parsed is not None
    scope = scope_of([])
    assert resolve(parsed, scope, 0) == Session(scope, 1.0, 2**26).run(source, 0, as_text=False)


@pytest.mark.parametrize(
    "source",
    [
        "$json.a + 1",
        "$json[x]",
        "$json.a()",
        "$json[-1]",
        "$json[01]",
        "$json.#a",
        "$json.é",
        r"$json.\u0061",
        "x",
        "",
        "$input.all",
        "$input.all(1)",
        "$input",
        "$('A')",
        "$(x).item",
        "$('A').isExecuted",
        "$json.",
        "007",
        "1.5",
        "$node[x].json",
        "$json['\\01']",
        "$json ? 1 : 2",
        "`a${1}`",
        "$json.a; 1",
        "$json.'a'",
        "'a' 'b'",
        "'x",
    ],
)
def test_more_than_a_plain_path_is_left_to_the_engine(source: str) -> None:
    assert parse_path(source) is None


@pytest.mark.parametrize(
    "source",
    [
        "$json.toString",
        "$json.text.trim",
        "$json.n.toFixed",
        "$('?').item",
        "$now.year",
        "$json.list.map",
    ],
)
def test_what_python_cannot_be_sure_of_is_left_to_the_engine(source: str) -> None:
    parsed = parse_path(source)
    assert parsed is not None
    with pytest.raises(Doubtful):
        resolve(parsed, scope_of([{"json": {"text": "t", "n": 1, "list": []}}, {"json": {}}]), 0)


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (inherited.OBJECT, "Object"),
        (inherited.LIST, "Array"),
        (inherited.TEXT, "String"),
        (inherited.NUMBER, "Number"),
        (inherited.BOOLEAN, "Boolean"),
    ],
)
def test_inherited_names_are_those_of_the_engine(names: frozenset[str], kind: str) -> None:
    engine = Engine()
    source = f"[Object, {kind}].flatMap((each) => Object.getOwnPropertyNames(each.prototype))"
    assert set(engine.run(engine.compile(source), as_text=False)) == names


@pytest.mark.parametrize("source", ["$json.a['c d']?.[0].x?.y", "$('N').item.json['a-b']", "$input.all()[1].json"])
def test_a_path_is_written_as_it_was(source: str) -> None:
    parsed = parse_path(source)
    assert isinstance(parsed, Path)
    assert written(parsed, len(parsed.steps)) == source.replace("['c d']", '["c d"]').replace("['a-b']", '["a-b"]')
