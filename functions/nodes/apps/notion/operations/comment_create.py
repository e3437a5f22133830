"""Comments on a page."""

from collections.abc import Iterator
from typing import Any

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.operations import Call, Operation, RequestSpec
from stepweave.spec.parts import Text

_CREATE = RequestSpec(
    "POST",
    "/comments",
    body={"parent": "{about?}", "discussion_id": "{thread?}", "rich_text": "{pieces}"},
)


class Params(NodeParams):
    """The comment."""

    page: Text = ui(
        "", title="Page", kind=Kind.TEXT, help="Its ID or address; for the first of a discussion.", max_length=2000
    )
    discussion: Text = ui(
        "", title="Discussion ID", kind=Kind.TEXT, help="For an answer in one, in place of the page.", max_length=100
    )
    text: Text = ui(..., title="Text", kind=Kind.MULTILINE, min_length=1, max_length=100_000)


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the comment."""
    from functions.nodes.apps.notion.ids import id_of
    from functions.nodes.apps.notion.texts import rich_text
    from stepweave.runtime.errors import ParameterInvalid

    if bool(params.page) is bool(params.discussion):
        raise ParameterInvalid(
            "Page and Discussion ID: one of the two must be filled in.",
            "Write the page for a new discussion, the discussion for an answer.",
            details={"field": "params.commentCreatePage"},
        )
    about = {"page_id": id_of(params.page, "Page", "params.commentCreatePage")} if params.page else None
    yield call.ask(_CREATE, about=about, thread=params.discussion, pieces=rich_text(params.text))


OPERATION = Operation(
    resource="comment",
    name="create",
    label="Create",
    summary="Comments on a page, or answers in a discussion.",
    params=Params,
    run=run,
    output_example=({"id": "c1", "discussion_id": "d1", "rich_text": [{"plain_text": "Done"}]},),
)
