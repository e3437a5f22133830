"""The phases of a loop: over batches it splits and collects; round by round it enters and turns.

Each imports its own: a step has one, and a loop's split and its collecting are often other processes' first.
"""

from functions.nodes.flow.loop.spec import Params
from stepweave.model.items import Item
from stepweave.runtime import Step


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return what the loop's phase gives: the items of the next round on `loop`, or the end's on `done`."""
    match step.control.phase:
        case "split":
            from functions.nodes.flow.loop.splitting import split

            step.control.suspend()
            step.control.extra["batches"] = split(step)
            return {}
        case "enter":
            from functions.nodes.flow.loop.turning import entered

            return entered(step)
        case "turn":
            from functions.nodes.flow.loop.turning import turned

            return turned(step)
        case _:
            from functions.nodes.flow.loop.collecting import collected

            return collected(step)
