"""Merges a pull request."""

from typing import Literal

from functions.nodes.apps.github.fields import Numbered
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Operation, RequestSpec
from stepweave.spec.parts import Text


class Params(Numbered):
    """Which pull request, and how."""

    method: Literal["merge", "squash", "rebase"] = ui(
        "merge",
        title="How",
        kind=Kind.SELECT,
        options=[("merge", "With a merge commit"), ("squash", "As one commit"), ("rebase", "Rebased")],
    )
    title: Text = ui("", title="Commit's title", kind=Kind.TEXT, group="options", max_length=256)
    sha: Text = ui(
        "",
        title="Only at commit",
        kind=Kind.TEXT,
        help="What its head must be.",
        group="options",
        max_length=64,
    )


OPERATION = Operation(
    resource="pull_request",
    name="merge",
    label="Merge",
    summary="Merges a pull request.",
    params=Params,
    request=RequestSpec(
        "PUT",
        "/repos/{owner}/{repository}/pulls/{number}/merge",
        body={
            "merge_method": "{method}",
            "commit_title": "{title?}",
            "sha": "{sha?}",
        },
    ),
    output_example=({"merged": True, "sha": "6dcb09b5", "message": "Pull Request successfully merged"},),
)
