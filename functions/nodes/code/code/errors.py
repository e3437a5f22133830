"""How people's code can end without a result."""

from stepweave.runtime.errors import NodeError


class JavaScriptError(NodeError):
    """The code threw. `details.line` names the line where it is known."""


class JavaScriptTimeout(NodeError):
    """The code ran longer than it may."""


class JavaScriptMemory(NodeError):
    """The code used more memory than it may."""
