"""What becomes of an error that nobody foresaw: a named one for people, its place for the function's log."""

import sys
import traceback

from stepweave.runtime.errors import NodeCrashed


def crashed(error: Exception, remedy: str) -> NodeCrashed:
    """Write where an error arose to the function's log, and return what people are told of it.

    Not what the error said, which may hold data or secrets.

    Args:
        error: what was raised.
        remedy: what to do.
    """
    places = traceback.extract_tb(error.__traceback__)[-12:]
    lines = [f"{place.filename}:{place.lineno} {place.name}" for place in places]
    sys.stderr.write(f"NodeCrashed: {type(error).__name__}\n  " + "\n  ".join(lines) + "\n")
    return NodeCrashed(f"The node failed in a way nobody foresaw ({type(error).__name__}).", remedy)
