"""How an agent can fail besides what its model can."""

from stepweave.runtime.errors import NodeError


class AgentLimit(NodeError):
    """The agent has used all its turns, or all its time, and had no answer. `details` has which, and the limit."""


class AgentStuck(NodeError):
    """The agent called the same tool with the same arguments again and again. `details` has the call."""
