"""The questions to a person: whether a tool may be called, with its arguments, and whether the agent may go on."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from functions.nodes.ai.agent.spec import Params
from stepweave.model.items import Item
from stepweave.model.json_text import write
from stepweave.runtime import Step
from stepweave.runtime.approvals import approvers_of
from stepweave.runtime.results import stored

_MOST_SHOWN: Final = 100_000
"""Characters of arguments that a person is shown, and may change."""


def ask(step: Step[Params]) -> dict[str, list[Item]]:
    """Tell of the wait and return nothing. Raises ParameterInvalid where an address of those who decide is none."""
    control = step.control
    seconds = int(control.loop["seconds"])
    (item,) = step.items()
    kept = stored({"main": [item]}, control.claims, control.key("asked"), control.inline_limit)["main"]
    expires = datetime.now(UTC) + timedelta(seconds=seconds)
    waiting: dict[str, Any] = {
        "kind": "approval",
        "token": control.task_token,
        "expiresAt": expires.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "form": [],
        "approvers": approvers_of(control.loop["approvers"], "settings.tool.approvers"),
        "required": 1,
        "resume": {"input": kept, "inlineLimit": control.inline_limit},
    }
    if control.loop.get("limit"):
        words = str(item["json"]["reason"])
        about = {"title": f"May “{control.node['name']}” go on?", "message": f"It has no answer yet: {words}."}
        control.suspend({**waiting, **about, "limit": True})
        return {}
    tool = control.loop["tool"]
    waiting |= {"title": f"May “{control.node['name']}” use “{tool['name']}”?", "message": ""}
    waiting["tool"] = {"nodeId": tool["id"], "name": tool["name"]}
    if len(write(item["json"])) <= _MOST_SHOWN:
        waiting["arguments"] = item["json"]
    control.suspend(waiting, of=tool["id"])
    return {}
