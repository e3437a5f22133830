"""The phases of a loop: over batches it splits and collects; round by round it enters and turns."""

from functions.nodes.flow.loop.collecting import collected
from functions.nodes.flow.loop.spec import Params
from functions.nodes.flow.loop.splitting import split
from functions.nodes.flow.loop.turning import entered, turned
from stepweave.model.items import Item
from stepweave.runtime import Step


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return what the loop's phase gives: the items of the next round on `loop`, or the end's on `done`."""
    match step.control.phase:
        case "split":
            step.control.suspend()
            step.control.extra["batches"] = split(step)
            return {}
        case "enter":
            return entered(step)
        case "turn":
            return turned(step)
        case _:
            return collected(step)
