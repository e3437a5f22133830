"""Users' regular expressions: JavaScript's, and stopped when they explode."""

from collections.abc import Iterator

import pytest

from stepweave.expressions.patterns import PatternError, PatternProcess, parsed


@pytest.fixture
def patterns() -> Iterator[PatternProcess]:
    made = PatternProcess()
    yield made
    made.close()


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("a", ("a", "")),
        ("/a/", ("a", "")),
        ("/a/gi", ("a", "gi")),
        ("/a/b", ("/a/b", "")),
        ("//", ("//", "")),
        (r"\p{L}", (r"\p{L}", "u")),
        (r"\\p{L}", (r"\\p{L}", "")),
        (r"/\u{1F600}/v", (r"\u{1F600}", "v")),
    ],
)
def test_a_pattern_is_plain_or_between_slashes(pattern: str, expected: tuple[str, str]) -> None:
    assert parsed(pattern) == expected


def test_case_is_a_flag() -> None:
    assert [parsed(pattern, ignore_case=True)[1] for pattern in ("a", "/a/i", "/a/m")] == ["i", "i", "mi"]


@pytest.mark.parametrize(
    ("source", "flags", "text", "expected"),
    [
        (r"(?<year>\d{4})-\k<year>", "", "2026-2026", True),
        ("(?<!\\$)\\b5", "", "$5", False),
        ("^b", "", "a\nb", False),
        ("^b", "m", "a\nb", True),
        ("b", "y", "ab", False),
        (r"^\w+$", "", "é", False),
        (r"^\s$", "", "\ufeff", True),
        ("^.$", "", "🦄", False),
        ("^.$", "u", "🦄", True),
        ("\ud83e", "", "🦄", True),
        (r"[\p{L}--[a-z]]", "v", "a", False),
    ],
)
def test_patterns_are_javascripts(patterns: PatternProcess, source: str, flags: str, text: str, expected: bool) -> None:
    assert patterns.matches(source, flags, text) is expected


@pytest.mark.parametrize(
    ("source", "flags"), [("(", ""), ("a", "gg"), ("[b-a]", ""), ("(?P<n>a)", ""), (r"\p{X}", "u")]
)
def test_what_is_no_pattern_is_refused(patterns: PatternProcess, source: str, flags: str) -> None:
    with pytest.raises(PatternError, match="cannot be read"):
        patterns.matches(source, flags, "a")


def test_a_pattern_that_explodes_is_stopped_and_the_next_works(patterns: PatternProcess) -> None:
    for source, text in [("(a+)+$", "a" * 40 + "!"), ("(a|a)*b", "a" * 40), ("(.*)*,(.*)*;$", "x,y" * 20)]:
        for _ in range(2):
            with pytest.raises(PatternError, match="takes too long"):
                patterns.matches(source, "", text)
        assert patterns.matches("b$", "", "ab")
