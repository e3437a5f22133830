"""Adds labels to an issue or a pull request."""

from functions.nodes.apps.github.fields import Numbered
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Operation, RequestSpec
from stepweave.spec.parts import Text


class Params(Numbered):
    """Which issue, and which labels."""

    labels: list[Text] = ui(
        ...,
        title="Labels",
        kind=Kind.JSON,
        placeholder='["bug"]',
        help="A list of names.",
        min_length=1,
        max_length=100,
    )


OPERATION = Operation(
    resource="issue",
    name="add_labels",
    label="Add labels",
    summary="Adds labels to an issue or a pull request.",
    params=Params,
    request=RequestSpec("POST", "/repos/{owner}/{repository}/issues/{number}/labels", body={"labels": "{labels}"}),
    output_example=({"name": "bug", "color": "d73a4a"},),
)
