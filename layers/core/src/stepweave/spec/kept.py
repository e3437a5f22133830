"""Whose what a node keeps by a name is: its workflow's project's, or the whole workspace's (ADR 62)."""

from typing import Any, Final, Literal

from stepweave.spec.fields import Kind, ui

Within = Literal["project", "workspace"]
WITHIN: Final = "within"
"""The name of the field in every node that has it; nothing else is called so."""
WORKSPACE: Final = "workspace"


def within_field(**more: Any) -> Any:
    """Return the field; `more` as of `ui`. Its type is `Within`."""
    return ui(
        "project",
        title="Shared with",
        kind=Kind.SELECT,
        expression=False,
        options=[("project", "Workflows of its project"), (WORKSPACE, "All workflows of the workspace")],
        help="What the whole workspace shares is in the project that all members are in.",
        group="options",
        **more,
    )


def within(params: Any) -> dict[str, Any]:
    """Return what an operation of the store says of it."""
    return {WITHIN: WORKSPACE} if params.within == WORKSPACE else {}
