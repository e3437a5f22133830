"""A small catalogue of toy node types for tests of the compiler."""

from typing import Any

from stepweave.spec.catalogue import Catalogue, CatalogueEntry
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, Emits, NodeSpec, Port, TriggerKind, Waiting


class Nothing(NodeParams):
    """No parameters."""


class Free(NodeParams):
    """Parameters of many kinds."""

    text: Any = ui(None, title="Text", kind=Kind.TEXT)
    count: int = ui(1, title="Count", kind=Kind.NUMBER, ge=0)
    mode: str = ui("a", title="Mode", kind=Kind.TEXT, expression=False)
    needed: str = ui("", title="Needed", kind=Kind.TEXT, show_when={"mode": ["b"]}, required_when_shown=True)
    code: str = ui("", title="Code", kind=Kind.CODE, language="javascript", expression=False)


class Strict(NodeParams):
    """A parameter that must be there."""

    url: str = ui(..., title="URL", kind=Kind.TEXT, min_length=1)


class Hook(NodeParams):
    """How a webhook answers."""

    respond: str = ui("immediately", title="Answer", kind=Kind.TEXT, expression=False)
    path: str = ui("x", title="Path", kind=Kind.TEXT, expression=False)


def _spec(type: str, params: type[NodeParams] = Free, **more: Any) -> NodeSpec:
    return NodeSpec(
        type=type, name=type, category=Category.DATA, icon="box", summary="", docs="", params=params, **more
    )


ALWAYS = (Port("main", emits=Emits.ALWAYS),)
SPECS = (
    _spec("start", Nothing, trigger=TriggerKind.MANUAL, outputs=ALWAYS),
    _spec("hook", Hook, trigger=TriggerKind.WEBHOOK, outputs=ALWAYS),
    _spec("step", outputs=ALWAYS, retryable=("Flaky",), errors=("Flaky",)),
    _spec("maybe"),
    _spec("split", outputs=(Port("true"), Port("false"))),
    _spec("pair", inputs=(Port("left"), Port("right")), outputs=ALWAYS),
    _spec("asks", outputs=ALWAYS, waiting=Waiting(), errors=("Refused", "ChildFailed")),
    _spec("strict", Strict, outputs=ALWAYS),
    _spec("answer", outputs=ALWAYS, is_response=True),
)
CATALOGUE = Catalogue(CatalogueEntry.of(spec) for spec in SPECS)
