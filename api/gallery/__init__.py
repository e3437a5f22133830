"""Templates: workflows to start from, with what they need of whoever uses them. Data and pure functions (ADR 74).

`ready/<id>.json` is a template of our own: tests compile it and run it offline with its pinned answers. A tenant's own
ones are stored as the same data.
"""

import json
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import Field, StringConstraints

from stepweave.model.base import Document
from stepweave.model.workflow import NodeId

READY: Final = Path(__file__).parent / "ready"
USES: Final = (
    "ai",
    "chat",
    "content",
    "data",
    "development",
    "files",
    "finance",
    "forms",
    "operations",
    "patterns",
    "people",
    "reports",
    "sales",
    "support",
    "webhooks",
)
"""What templates are for, as the gallery sorts them."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
FieldName = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class Spot(Document):
    """A parameter of a node."""

    node: NodeId
    field: FieldName


class Slot(Document):
    """A credential that a template needs: `fields` are where it goes."""

    id: Slug
    name: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    why: Annotated[str, StringConstraints(max_length=300)] = ""
    fields: Annotated[tuple[Spot, ...], Field(min_length=1)]


class Question(Document):
    """A parameter that is asked for. The first of `fields` says what form it has and what stands there before.

    `example`: what stands there is an example only; whoever uses the template must say their own.
    """

    id: Annotated[str, StringConstraints(min_length=1, max_length=180)]
    label: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    fields: Annotated[tuple[Spot, ...], Field(min_length=1)]
    example: bool = False


class Template(Document):
    """A workflow to start from. In `workflow` the fields of credentials hold nothing that counts."""

    id: str
    version: Annotated[int, Field(ge=1)] = 1
    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    summary: Annotated[str, StringConstraints(max_length=500)] = ""
    uses: tuple[str, ...] = ()
    credentials: tuple[Slot, ...] = ()
    parameters: tuple[Question, ...] = ()
    workflow: dict[str, Any]


@cache
def ready() -> dict[str, Template]:
    """Return our own templates by their ids, by name."""
    found = [Template.model_validate_json(file.read_bytes()) for file in READY.glob("*.json")]
    return {one.id: one for one in sorted(found, key=lambda one: one.name.lower())}


def copied(template: Template) -> dict[str, Any]:
    """Return a copy of a template's workflow."""
    copy: dict[str, Any] = json.loads(json.dumps(template.workflow))
    return copy
