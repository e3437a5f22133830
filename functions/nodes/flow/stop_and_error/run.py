"""Ends the execution with an error of the workflow's own."""

from functions.nodes.flow.stop_and_error.spec import Params
from stepweave.model.items import Item
from stepweave.runtime import Step
from stepweave.runtime.errors import NodeError


class StoppedByWorkflow(NodeError):
    """A stop-and-error node was reached."""


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Raise StoppedByWorkflow with the message for the first item."""
    raise StoppedByWorkflow(step.params().message, "The workflow stops here on purpose; see what led to this node.")
