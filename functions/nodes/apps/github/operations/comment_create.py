"""Comments on an issue."""

from functions.nodes.apps.github.fields import Numbered
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Operation, RequestSpec
from stepweave.spec.parts import Text


class Params(Numbered):
    """The comment."""

    body: Text = ui(..., title="Text", kind=Kind.MULTILINE, help="GitHub's Markdown.", min_length=1, max_length=65_536)


OPERATION = Operation(
    resource="comment",
    name="create",
    label="Create",
    summary="Comments on an issue or a pull request.",
    params=Params,
    request=RequestSpec("POST", "/repos/{owner}/{repository}/issues/{number}/comments", body={"body": "{body}"}),
    output_example=({"id": 1, "body": "Me too", "html_url": "https://github.com/o/r/issues/7#issuecomment-1"},),
)
