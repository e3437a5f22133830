"""A node that waits for its turn in some runs and has it at once in others, or fails: told by what comes in."""

import json
import zlib

from stepweave.model.items import Item
from stepweave.runtime import Step
from stepweave.runtime.errors import NodeError
from stepweave.spec.fields import NodeParams
from stepweave.spec.node import Category, NodeSpec, Phase, Port


class Params(NodeParams):
    """No parameters."""


class Late(NodeError):
    """The turn comes too late."""


SPEC = NodeSpec(
    type="turn",
    name="turn",
    category=Category.FLOW,
    icon="box",
    summary="",
    docs="",
    params=Params,
    control="turn",
    phases=(Phase("wait", begins=True, read_on=True), Phase("resume")),
    outputs=(Port("main"), Port("rejected")),
    errors=("Late",),
)
UNTIL = "2020-01-01T00:00:00.000Z"


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the items, or the first of them and the others apart, or wait."""
    items = step.items()
    number = zlib.crc32(json.dumps([item["json"] for item in items], sort_keys=True).encode())
    if step.control.phase == "resume" or number % 4 == 0:
        return {"main": items}
    if number % 4 == 1:
        return {"main": items[:-1], "rejected": items[-1:]}
    if number % 16 == 2:
        raise Late("too late")
    step.control.suspend({"kind": "time", "until": UNTIL})
    step.control.extra["wait"] = {"until": UNTIL}
    return {}
