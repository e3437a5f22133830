"""Passes items on."""

from functions.nodes.flow.no_op.spec import Params
from stepweave.model.items import Item
from stepweave.runtime import Step


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the input items."""
    return {"main": step.items()}
