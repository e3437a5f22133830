"""An expression evaluated in a process of its own: the engine's answer, its errors, and no way to hang."""

import pytest

from stepweave.expressions import ExpressionError, ExpressionTimeout
from stepweave.expressions.preview import Preview, preview
from stepweave.model.items import Item

ITEMS: list[Item] = [{"json": {"n": 1}}, {"json": {"n": 20}}]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{{ $json.n * 2 }}", 40),
        ("{{ $json }}", {"n": 20}),
        ("n is {{ $json.n }}", "n is 20"),
        ("{{ $('Before').first().json.x }}", "y"),
        ("{{ $input.all().length }}", 2),
        ("{{ $workflow.name }}", "W"),
        ("{{ DateTime.fromISO('2026-11-23T12:00:00Z').hour }}", 13),
        ("no expression", "no expression"),
        ("{{ undefined }}", None),
    ],
)
def test_the_value_is_the_engines(text: str, value: object) -> None:
    workflow = {"id": "w", "name": "W", "timeZone": "Europe/Berlin"}
    wanted = Preview(text, 1, ITEMS, {"Before": {"main": [{"json": {"x": "y"}}]}}, workflow)
    assert preview(wanted) == value


def test_an_error_says_where() -> None:
    with pytest.raises(ExpressionError, match="boom") as found:
        preview(Preview("say {{ (() => { throw new Error('boom') })() }}"))
    assert found.value.position == len("say {{ (() => { throw new ")


def test_what_does_not_end_is_ended() -> None:
    with pytest.raises(ExpressionError, match="took longer"):
        preview(Preview("{{ (() => { for (;;); })() }}"))
    with pytest.raises(ExpressionTimeout):
        preview(Preview("{{ Array.prototype.reverse.call({ length: 2 ** 53 }) }}"), 0.5)
