"""Opens an issue."""

from functions.nodes.apps.github.fields import Repository
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Operation, RequestSpec
from stepweave.spec.parts import Text


class Params(Repository):
    """The new issue."""

    title: Text = ui(..., title="Title", kind=Kind.TEXT, min_length=1, max_length=256)
    body: Text = ui("", title="Text", kind=Kind.MULTILINE, help="GitHub's Markdown.", max_length=65_536)
    labels: list[Text] = ui(
        None,
        title="Labels",
        kind=Kind.JSON,
        placeholder='["bug"]',
        help="A list of names.",
        default_factory=list,
        max_length=100,
    )
    assignees: list[Text] = ui(
        None,
        title="Assignees",
        kind=Kind.JSON,
        placeholder='["octocat"]',
        help="A list of logins.",
        default_factory=list,
        max_length=10,
    )


OPERATION = Operation(
    resource="issue",
    name="create",
    label="Create",
    summary="Opens an issue in a repository.",
    params=Params,
    request=RequestSpec(
        "POST",
        "/repos/{owner}/{repository}/issues",
        body={"title": "{title}", "body": "{body?}", "labels": "{labels?}", "assignees": "{assignees?}"},
    ),
    output_example=(
        {"number": 7, "title": "It breaks", "state": "open", "html_url": "https://github.com/o/r/issues/7"},
    ),
)
