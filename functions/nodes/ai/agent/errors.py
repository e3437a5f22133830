"""How an agent can fail besides what its model can."""

from typing import Any

from stepweave.runtime.errors import NodeError


class AgentLimit(NodeError):
    """The agent has used all its turns, or all its time, and had no answer. `details` has which, and the limit."""


def limit_reached(reason: str, details: dict[str, Any]) -> AgentLimit:
    """Return the error of an agent that may not go on; `reason` says why, in words."""
    remedy = "Allow more, give it fewer or better tools, or let it answer with what there is at a limit."
    return AgentLimit(f"The agent has no answer: {reason}.", remedy, details=details)


class AgentStuck(NodeError):
    """The agent called the same tool with the same arguments again and again. `details` has the call."""
