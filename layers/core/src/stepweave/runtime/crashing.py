"""What becomes of an error that nobody foresaw: a named one for people, its place for the function's log."""

import sys
import traceback
from typing import Final

from stepweave.runtime.errors import NodeCrashed
from stepweave.runtime.http_errors import ResponseInvalid

MISREADING: Final = (KeyError, IndexError, TypeError, AttributeError, ValueError)
"""What Python raises where data has another shape than the code that reads it was told."""


def crashed(error: Exception, remedy: str) -> NodeCrashed:
    """Write where an error arose to the function's log, and return what people are told of it.

    Not what the error said, which may hold data or secrets.

    Args:
        error: what was raised.
        remedy: what to do.
    """
    _log("NodeCrashed", error)
    return NodeCrashed(f"The node failed in a way nobody foresaw ({type(error).__name__}).", remedy)


def misread(error: Exception) -> ResponseInvalid:
    """Return what people are told where reading a server's answer failed in a way nobody foresaw.

    Its place goes to the function's log, as with `crashed`.

    Args:
        error: one of `MISREADING`, raised after a server had answered.
    """
    _log("ResponseInvalid", error)
    return ResponseInvalid(
        f"The server's answer has not the shape that its documentation promises ({type(error).__name__}).",
        "Try again. If it stays so, report it with the node's type: the provider may have changed something.",
    )


def _log(what: str, error: Exception) -> None:
    places = traceback.extract_tb(error.__traceback__)[-12:]
    lines = [f"{place.filename}:{place.lineno} {place.name}" for place in places]
    sys.stderr.write(f"{what}: {type(error).__name__}\n  " + "\n  ".join(lines) + "\n")
