"""Both ends of a region whose failures go one way. The failures are the state machine's to catch."""

from functions.nodes.flow.try_.spec import Params
from stepweave.model.items import Item
from stepweave.runtime import Step


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the items that enter the region, or those that came back from it: its own where nothing leads back."""
    if step.control.phase == "enter":
        step.control.suspend()
        return {"try": step.items()}
    return {"done": step.items("back") if step.control.loop else step.items()}
