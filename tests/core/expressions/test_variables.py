"""Which variables a document reads, by its text."""

from typing import Any

import pytest

from stepweave.expressions.variables import ALL, variables_read


def read(**params: Any) -> tuple[list[str], list[str]]:
    found = variables_read([{"id": "a", "params": params}])
    return sorted(found.names), sorted(found.needed)


@pytest.mark.parametrize(
    ("text", "names", "needed"),
    [
        ("{{ $vars.url }}", ["url"], ["url"]),
        ("https://{{ $vars.host }}/{{$vars['path']}}", ["host", "path"], ["host", "path"]),
        ('{{ $vars [ "a" ] + $vars . b }}', ["a", "b"], ["a", "b"]),
        ("{{ $vars.config.url }}", ["config"], ["config"]),
        ("{{ $vars?.url }}", ["url"], []),
        ("{{ $vars?.['url'] }}", ["url"], []),
        ("{{ $vars.url ?? 'x' }}", ["url"], []),
        ("{{ $vars[$json.key] }}", [ALL], []),
        ("{{ Object.keys($vars) }}", [ALL], []),
        ("{{ $json.$vars.url }}", [], []),
        ("{{ x$vars.url }}", [], []),
        ("write $vars.url here", [], []),
        ("{{ $vars }", [ALL], []),
        ("{{ $variables.url }}", [], []),
    ],
)
def test_texts_name_what_they_read(text: str, names: list[str], needed: list[str]) -> None:
    assert read(body={"rows": [{"value": text}]}) == (names, needed)


@pytest.mark.parametrize(
    ("code", "names", "needed"),
    [
        ("return $vars.url", ["url"], ["url"]),
        ("const { a } = $vars", [ALL], []),
        ("const f = () => {{ return $vars.a }}", ["a"], ["a"]),
        ('return _vars["url"]', ["url"], ["url"]),
        ('return _vars.get("url", "x")', ["url"], []),
        ("return [_vars.url, _vars.get(key)]", [ALL, "url"], ["url"]),
    ],
)
def test_code_names_what_it_reads(code: str, names: list[str], needed: list[str]) -> None:
    assert read(code=code) == (names, needed)


def test_disabled_nodes_read_nothing() -> None:
    node = {"id": "a", "params": {"x": "{{ $vars.url }}"}, "settings": {"disabled": True}}
    assert variables_read([node]).names == frozenset()
