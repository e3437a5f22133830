"""Changes a comment."""

from functions.nodes.apps.github.fields import Repository
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Operation, RequestSpec
from stepweave.spec.parts import Text


class Params(Repository):
    """The comment, and what it says now."""

    comment: int = ui(..., title="Comment", kind=Kind.NUMBER, help="Its id.", ge=1)
    body: Text = ui(..., title="Text", kind=Kind.MULTILINE, min_length=1, max_length=65_536)


OPERATION = Operation(
    resource="comment",
    name="edit",
    label="Edit",
    summary="Changes a comment.",
    params=Params,
    request=RequestSpec("PATCH", "/repos/{owner}/{repository}/issues/comments/{comment}", body={"body": "{body}"}),
    output_example=({"id": 1, "body": "Me, too"},),
)
