"""What is known of a code node's Python before it runs."""

import pytest

from stepweave.expressions.python.reading import check_python, references_in_python
from stepweave.expressions.reading import References

A = frozenset(("A",))


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("return _items", References()),
        ("return _('A').all()", References(A)),
        ('x = _node["A"].first().json', References(A)),
        ("_('A').item", References(A, paired=A)),
        ("n = _('A')\nreturn n.item", References(A, paired=A)),
        ("return f\"{_('A').first().json.x}\"", References(A)),
        ("name = 'A'\nreturn _(name).all()", References(dynamic=True)),
        ("return _node", References(dynamic=True)),
        ("return eval(\"_('A')\")", References(dynamic=True)),
        ("for _ in range(3):\n    print(_)", References()),
        ("list(map(lambda _: _ + 1, [1]))\nreturn _('A').all()", References(A)),
        ("# _('A')\nreturn '_(\"A\")'", References()),
        ("return _('A'", References()),
    ],
)
def test_the_nodes_that_code_reads_are_known(source: str, found: References) -> None:
    assert references_in_python(source) == found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("return 1\n", None),
        ("x: int = 1\nglobal y\ny = 2\nreturn x", None),
        ("from collections import *\nreturn Counter()", None),
        ("a = 1\nreturn 1 +", (16, "invalid syntax")),
        ("if x:\nreturn 1", (6, "expected an indented block after 'if' statement on line 1")),
        ("x = 'ü\n", (4, "unterminated string literal (detected at line 1)")),
        ("await x", (0, "'await' outside async function")),
        ("(" * 10_000, (200, "too many nested parentheses")),
        ("x" + ".a" * 90_000, (0, "it is nested too deeply")),
        ("x = '\ud800'", (0, "'utf-8' codec can't encode character '\\ud800' in position 5: surrogates not allowed")),
        ("a\x00b", (0, "source code string cannot contain null bytes")),
    ],
)
def test_syntax_errors_are_found_without_running_it(source: str, found: tuple[int, str] | None) -> None:
    assert check_python(source) == found
