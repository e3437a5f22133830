"""The stop-and-error node with a message that is known: a Fail state."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from stepweave.compiler.native.lowering import Failure, Lowering, Native, Program
from stepweave.expressions.templates import OPEN
from stepweave.spec.parts import as_text

ERROR: Final = "StoppedByWorkflow"
_LONGEST: Final = 32_000
"""Characters of a message in a Cause, for which Step Functions takes 32,768 in all."""


def program(params: Mapping[str, Any], ports: Sequence[str]) -> Program | None:
    """Return how the node is lowered; None for an error object, or a message that an expression makes."""
    if params.get("mode", "message") != "message":
        return None
    message = as_text(params.get("message"))
    if not isinstance(message, str) or OPEN in message:
        return None
    if len(json.dumps(message)) > _LONGEST:
        return None
    failure = Failure(ERROR, message)
    return lambda inputs: Native("", fails=failure)


LOWERING = Lowering("stop", program, ends=True)
