"""Keeps the first or the last items."""

from functions.nodes.flow.limit.spec import Params
from stepweave.model.items import Item
from stepweave.runtime import Step


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return as many of the input items as the parameters say."""
    params, items = step.params(), step.items()
    return {"main": items[: params.count] if params.keep == "first" else items[-params.count :]}
