"""Reading expressions without running them: templates, references, syntax."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepweave.expressions import (
    ExpressionProblem,
    ExpressionSyntax,
    References,
    check,
    check_code,
    contains_expression,
    parse_template,
    references,
    references_in_code,
)
from stepweave.expressions.tokens import Kind, Unreadable, tokens


@pytest.mark.parametrize(
    ("code", "names", "dynamic"),
    [
        ("$('Node A').item.json.x + $node[\"B\"].json.y + $node.C.json", {"Node A", "B", "C"}, False),
        ("$items('D', 'true').length + $items.length + $items().length + $items?.length", {"D"}, False),
        ("`${$('D').all()} ${`${$('E')}`}`", {"D", "E"}, False),
        ("\"$('no')\" + /* $('no') */ 1 // $('no')", set(), False),
        ("[...$('A').all()]", {"A"}, False),
        ("$?.('A') ?? $node?.['B'] ?? $node?.C", {"A", "B", "C"}, False),
        ("$(name)", set(), True),
        ("$('a' + name)", set(), True),
        ("$node[$json.x]", set(), True),
        ("$node", set(), True),
        ("const f = $; f('A')", set(), True),
        ("globalThis['$']('A')", set(), True),
        ("eval(code)", set(), True),
        (r"\u0024('A')", set(), True),
        (r"$node.\u0041", set(), True),
        ("$('it\\'s')", {"it's"}, False),
        (r"$('\u0041\x42')", {"AB"}, False),
        ("x.$('no')", set(), False),
        ("x?.$('no')", set(), False),
        ("/$('no')/.test($('yes').x)", {"yes"}, False),
        ("a / $('yes').x / 2", {"yes"}, False),
        ("$(`E`)", {"E"}, False),
        ("$json.x", set(), False),
        ("$('broken", set(), False),
    ],
)
def test_references_are_found_in_code_and_only_there(code: str, names: set[str], dynamic: bool) -> None:
    found = references_in_code(code)
    assert (set(found.names), found.dynamic) == (names, dynamic)
    assert found.paired <= found.names


@pytest.mark.parametrize(
    ("code", "paired"),
    [
        ("$('A').item.json.x", {"A"}),
        ("$('A')?.item", {"A"}),
        ("$('A').itemMatching(0) + $('B').pairedItem()", {"A", "B"}),
        ("$node['A'].json.x + $node.B.binary", {"A", "B"}),
        ("const a = $('A'); a.item", {"A"}),
        ("$('A')['item']", {"A"}),
        ("$('A').first() + $('A').last() + $('A').all() + $('A').isExecuted + $('A')?.all()", set()),
        ("$items('A')[0].json.x", set()),
        ("$('A').all().map((each) => $('B').item)", {"B"}),
        ("`${$('A').item}`", {"A"}),
    ],
)
def test_references_that_may_be_item_by_item_are_told_apart(code: str, paired: set[str]) -> None:
    assert references_in_code(code).paired == paired


def test_references_are_found_all_over_a_params_tree() -> None:
    params = {
        "url": "{{ $('A').item.json.x }}",
        "rows": [{"value": "a {{ $('B').item }}"}],
        "text": "$('C')",
        "e": "{{",
    }
    both = frozenset(("A", "B"))
    assert references(params) == References(both, paired=both)


def test_syntax_errors_name_field_and_position() -> None:
    found = check({"a": "{{ 1 + }}", "b": {"c": ["ok {{ 1 }} {{ foo( }}"]}, "d": "{{ fine() }}", "e": "x {{ a"})
    assert [(problem.path, problem.position) for problem in found] == [("a", 7), ("b.c.0", 19), ("e", 2)]


@pytest.mark.parametrize(
    ("text", "position", "words"),
    [
        ("{{ }}", 0, "empty"),
        ("{{ 'a }}", 3, "a string does not end"),
        ("{{ `a }}", 3, "a template literal does not end"),
        ("{{ /* a }}", 3, "a comment does not end"),
        ("{{ a } }}", 5, "nothing is open"),
        ("{{ (a] }}", 5, "nothing is open"),
        ("{{ 'é🦄' 'x' }}", 8, "string"),
        ("{{ '🦄' +\n  ('é' 1) }}", 16, "number"),
        ("{{ with_ (x) {} }}", 13, "{"),
        ("{{ 010 }}", 3, "Octal"),
        ("{{ return 5 }}", 3, "return"),
        ("{{ $jsn.x }}", 3, "did you mean $json?"),
        ("{{ 1 + $wat }}", 7, "$wat is not defined; there are $, "),
        ("{{ " + "`${" * 60 + "1" + "}`" * 60 + " }}", 123, "nested too deeply"),
    ],
)
def test_a_broken_expression_is_found_with_its_place(text: str, position: int, words: str) -> None:
    (problem,) = check({"f": [text]})
    assert isinstance(problem, ExpressionProblem)
    assert problem.path == "f.0"
    assert words in problem.message
    assert problem.position == pytest.approx(position, abs=3)


@pytest.mark.parametrize(
    "text",
    [
        "{{ [1].map(($x) => $x) }}",
        "{{ ({ $x: 1 }) }}",
        "{{ x.$y }}",
        "{{ $json.a }}",
        "{{ {a: 1} }}",
        "a } b }} c",
        "{{ `${'}}'}` }}",
        "{{ /}}/.test('a') }}",
        "{{ (await_) => 1 }}",
        "{{ $now.plus(1) }}",
    ],
)
def test_good_expressions_have_no_problem(text: str) -> None:
    assert check(text) == []


def test_checking_runs_nothing() -> None:
    assert check({"a": "{{ (() => { for (;;) {} })() }}"}) == []
    assert check_code("}); for (;;) {} (async () => {") is None


def test_a_code_nodes_syntax_is_checked_as_an_asynchronous_body() -> None:
    assert check_code("const x = await 1;\nreturn x; // done") is None
    assert check_code("return 1;\nreturn 1 +;") == (20, "unexpected token in expression: ';'")
    assert check_code("if (true) {") == (11, "unexpected token in expression: ')'")


def test_a_template_is_taken_apart_once() -> None:
    template = parse_template("a {{ 1 }} b {{ 2 }}")
    assert [expression.source for expression in template.expressions] == [" 1 ", " 2 "]
    assert template.single is None
    single = parse_template("  {{ 1 }} ").single
    assert single is not None
    assert single.start == 4
    assert contains_expression({"a": [{"b": "x {{ y"}]})
    assert not contains_expression({"a": ["{ x }", 5]})


@given(st.text(alphabet="{}'\"`$/\\ab(1).*[]\n", max_size=30))
def test_a_template_keeps_every_character_or_is_refused(text: str) -> None:
    with contextlib.suppress(ExpressionSyntax):
        parts = parse_template(text).parts
        assert "".join(part if isinstance(part, str) else "{{" + part.source + "}}" for part in parts) == text


@given(st.text(alphabet="{}'\"`$/\\ab(1).*[]\n;=>?é ", max_size=30))
def test_tokens_are_in_order_and_never_empty(source: str) -> None:
    end = 0
    with contextlib.suppress(Unreadable):
        for token in tokens(source):
            assert token.text
            assert token.start >= end
            assert source[token.start : token.end] == token.text
            end = token.end


def test_tokens_have_their_kinds() -> None:
    kinds = [(token.kind, token.text) for token in tokens("a?.b ? .5 : /x/g ... `t${1}` 'é' 0x1F =>")]
    assert kinds == [
        (Kind.NAME, "a"),
        (Kind.PUNCTUATION, "?."),
        (Kind.NAME, "b"),
        (Kind.PUNCTUATION, "?"),
        (Kind.NUMBER, ".5"),
        (Kind.PUNCTUATION, ":"),
        (Kind.REGEX, "/x/g"),
        (Kind.PUNCTUATION, "..."),
        (Kind.TEMPLATE, "`t${1}`"),
        (Kind.STRING, "'é'"),
        (Kind.NUMBER, "0x1F"),
        (Kind.PUNCTUATION, "=>"),
    ]
