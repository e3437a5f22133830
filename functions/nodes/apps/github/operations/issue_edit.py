"""Changes an issue, closes it or opens it again."""

from typing import Literal

from functions.nodes.apps.github.fields import Numbered
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Operation, RequestSpec
from stepweave.spec.parts import Text


class Params(Numbered):
    """What of it is changed; what is empty stays."""

    title: Text = ui("", title="Title", kind=Kind.TEXT, max_length=256)
    body: Text = ui("", title="Text", kind=Kind.MULTILINE, help="GitHub's Markdown.", max_length=65_536)
    state: Literal["", "open", "closed"] = ui(
        "",
        title="State",
        kind=Kind.SELECT,
        options=[("", "As it is"), ("open", "Open"), ("closed", "Closed")],
    )
    reason: Literal["", "completed", "not_planned", "reopened"] = ui(
        "",
        title="Reason",
        kind=Kind.SELECT,
        options=[("", "None"), ("completed", "Completed"), ("not_planned", "Not planned"), ("reopened", "Reopened")],
        group="options",
    )
    labels: list[Text] = ui(
        None,
        title="Labels",
        kind=Kind.JSON,
        placeholder='["bug"]',
        help="A list of names, in place of those it has.",
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
    name="edit",
    label="Edit",
    summary="Changes an issue, closes it or opens it again.",
    params=Params,
    request=RequestSpec(
        "PATCH",
        "/repos/{owner}/{repository}/issues/{number}",
        body={
            "title": "{title?}",
            "body": "{body?}",
            "state": "{state?}",
            "state_reason": "{reason?}",
            "labels": "{labels?}",
            "assignees": "{assignees?}",
        },
    ),
    output_example=({"number": 7, "title": "It breaks", "state": "closed"},),
)
