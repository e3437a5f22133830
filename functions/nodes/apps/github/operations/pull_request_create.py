"""Opens a pull request."""

from functions.nodes.apps.github.fields import Repository
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Operation, RequestSpec
from stepweave.spec.parts import Text


class Params(Repository):
    """The pull request."""

    title: Text = ui(..., title="Title", kind=Kind.TEXT, min_length=1, max_length=256)
    head: Text = ui(..., title="From branch", kind=Kind.TEXT, placeholder="octocat:mend", min_length=1, max_length=250)
    base: Text = ui("main", title="Into branch", kind=Kind.TEXT, min_length=1, max_length=250)
    body: Text = ui("", title="Text", kind=Kind.MULTILINE, help="GitHub's Markdown.", max_length=65_536)
    draft: bool = ui(False, title="As a draft", kind=Kind.BOOLEAN)


OPERATION = Operation(
    resource="pull_request",
    name="create",
    label="Create",
    summary="Opens a pull request.",
    params=Params,
    request=RequestSpec(
        "POST",
        "/repos/{owner}/{repository}/pulls",
        body={
            "title": "{title}",
            "head": "{head}",
            "base": "{base}",
            "body": "{body?}",
            "draft": "{draft}",
        },
    ),
    output_example=({"number": 8, "title": "Mend it", "state": "open", "draft": False, "head": {"ref": "mend"}},),
)
