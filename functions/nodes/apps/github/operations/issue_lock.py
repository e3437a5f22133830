"""Lets only collaborators comment on an issue."""

from typing import Literal

from functions.nodes.apps.github.fields import Numbered
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Operation, RequestSpec


class Params(Numbered):
    """Which issue, and why."""

    reason: Literal["", "off-topic", "too heated", "resolved", "spam"] = ui(
        "",
        title="Reason",
        kind=Kind.SELECT,
        options=[
            ("", "None"),
            ("off-topic", "Off-topic"),
            ("too heated", "Too heated"),
            ("resolved", "Resolved"),
            ("spam", "Spam"),
        ],
    )


OPERATION = Operation(
    resource="issue",
    name="lock",
    label="Lock",
    summary="Lets only collaborators comment on an issue.",
    params=Params,
    request=RequestSpec("PUT", "/repos/{owner}/{repository}/issues/{number}/lock", body={"lock_reason": "{reason?}"}),
    output_example=({},),
)
