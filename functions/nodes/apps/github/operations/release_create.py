"""Makes a release, and its tag where there is none."""

from functions.nodes.apps.github.fields import Repository
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Operation, RequestSpec
from stepweave.spec.parts import Text


class Params(Repository):
    """The release."""

    tag: Text = ui(..., title="Tag", kind=Kind.TEXT, placeholder="v1.0.0", min_length=1, max_length=250)
    name: Text = ui("", title="Title", kind=Kind.TEXT, max_length=256)
    body: Text = ui("", title="Text", kind=Kind.MULTILINE, help="GitHub's Markdown.", max_length=125_000)
    target: Text = ui(
        "",
        title="Of branch or commit",
        kind=Kind.TEXT,
        help="For a new tag.",
        group="options",
        max_length=250,
    )
    draft: bool = ui(False, title="As a draft", kind=Kind.BOOLEAN, group="options")
    prerelease: bool = ui(False, title="Not for everybody yet", kind=Kind.BOOLEAN, group="options")
    notes: bool = ui(False, title="Let GitHub write the notes", kind=Kind.BOOLEAN, group="options")


OPERATION = Operation(
    resource="release",
    name="create",
    label="Create",
    summary="Makes a release, and its tag where there is none.",
    params=Params,
    request=RequestSpec(
        "POST",
        "/repos/{owner}/{repository}/releases",
        body={
            "tag_name": "{tag}",
            "name": "{name?}",
            "body": "{body?}",
            "target_commitish": "{target?}",
            "draft": "{draft}",
            "prerelease": "{prerelease}",
            "generate_release_notes": "{notes}",
        },
    ),
    output_example=(
        {
            "id": 1,
            "tag_name": "v1.0.0",
            "name": "One",
            "html_url": "https://github.com/o/r/releases/v1.0.0",
        },
    ),
)
