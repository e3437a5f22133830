"""A turn of the agent, or the question whether it may call a tool."""

from functions.nodes.ai.agent.spec import Params
from stepweave.model.items import Item
from stepweave.runtime import Step


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return what the agent ends with; nothing where it calls tools (`StepResult.calls`), or waits for a person."""
    # Imported here: what talks to providers costs more than the rest of the function.
    if step.control.phase == "approve":
        from functions.nodes.ai.agent.approving import ask

        return ask(step)
    from functions.nodes.ai.agent.turns import Turn

    return Turn(step).take()
