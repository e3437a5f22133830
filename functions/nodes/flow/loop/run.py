"""The phases of a loop: over batches it splits and collects, repeating it enters and turns."""

from functions.nodes.flow.loop.collecting import collected
from functions.nodes.flow.loop.spec import Params
from functions.nodes.flow.loop.splitting import split
from stepweave.model.items import Item
from stepweave.runtime import Step
from stepweave.runtime.conditions import Comparing, all_or_any_hold
from stepweave.runtime.errors import LoopLimit


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return what the loop's phase gives: the items of the next round on `loop`, or the end's on `done`."""
    match step.control.phase:
        case "split":
            step.control.suspend()
            step.control.extra["batches"] = split(step)
            return {}
        case "enter":
            step.control.suspend()
            step.control.extra["round"] = 0
            return {"loop": step.items()}
        case "turn":
            return _turned(step)
        case _:
            return collected(step)


def _turned(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the items that came back, for another round or as the end; nothing where none did."""
    back, rounds = step.items("back"), int(step.control.loop["round"]) + 1
    if not back:
        return {}
    params = step.params()
    how = Comparing(params.ignore_case, params.type_validation == "strict", step.context["timeZone"], "params.until")
    if params.until and all_or_any_hold(params.until, "and", how):
        return {"done": back}
    if rounds < params.max_rounds:
        step.control.suspend()
        step.control.extra["round"] = rounds
        return {"loop": back}
    if params.until and params.on_limit == "fail":
        raise LoopLimit(
            f"The loop went round {rounds} times and what it waits for did not come.",
            "Allow more rounds, or let it go on with what came back.",
        )
    return {"done": back}
