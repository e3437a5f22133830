"""How people's Python can end without a result."""

from stepweave.runtime.errors import NodeError


class PythonError(NodeError):
    """The code raised, or its process broke off. `details.line` and `details.column` say where, if that is known."""


class PythonTimeout(NodeError):
    """The code ran longer than it may."""


class PythonMemory(NodeError):
    """The code used more memory than it may, or returned more."""


class PythonUnavailable(NodeError):
    """This system cannot lock a process for the code, so nothing was run."""
