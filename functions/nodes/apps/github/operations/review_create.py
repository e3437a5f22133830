"""Reviews a pull request."""

from typing import Literal

from functions.nodes.apps.github.fields import Numbered
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Operation, RequestSpec
from stepweave.spec.parts import Text


class Params(Numbered):
    """The review."""

    event: Literal["APPROVE", "REQUEST_CHANGES", "COMMENT"] = ui(
        "COMMENT",
        title="Says",
        kind=Kind.SELECT,
        options=[("APPROVE", "Approve"), ("REQUEST_CHANGES", "Ask for changes"), ("COMMENT", "Comment")],
    )
    body: Text = ui("", title="Text", kind=Kind.MULTILINE, help="Needed unless it approves.", max_length=65_536)


OPERATION = Operation(
    resource="review",
    name="create",
    label="Create",
    summary="Reviews a pull request.",
    params=Params,
    request=RequestSpec(
        "POST",
        "/repos/{owner}/{repository}/pulls/{number}/reviews",
        body={"event": "{event}", "body": "{body?}"},
    ),
    output_example=({"id": 80, "state": "APPROVED", "body": "Fine"},),
)
