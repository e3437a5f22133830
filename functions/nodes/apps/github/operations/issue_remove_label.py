"""Takes a label from an issue or a pull request."""

from functions.nodes.apps.github.fields import Numbered
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Operation, RequestSpec
from stepweave.spec.parts import Text


class Params(Numbered):
    """Which issue, and which label."""

    label: Text = ui(..., title="Label", kind=Kind.TEXT, min_length=1, max_length=100)


OPERATION = Operation(
    resource="issue",
    name="remove_label",
    label="Remove label",
    summary="Takes a label from an issue or a pull request.",
    params=Params,
    request=RequestSpec("DELETE", "/repos/{owner}/{repository}/issues/{number}/labels/{label}"),
    output_example=({"name": "ui", "color": "d73a4a"},),
)
