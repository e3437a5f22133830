"""Ends the waiting of a button that was pressed, and may show something."""

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.operations import Operation, RequestSpec
from stepweave.spec.parts import Text


class Params(NodeParams):
    """Which press."""

    query: Text = ui(
        ...,
        title="Callback query",
        kind=Kind.TEXT,
        placeholder="{{ $json.callback_query.id }}",
        help="The id that the trigger got with the press.",
        min_length=1,
        max_length=100,
    )
    text: Text = ui("", title="Text", kind=Kind.TEXT, help="Shown for a moment; empty for nothing.", max_length=200)
    alert: bool = ui(False, title="Until it is closed", kind=Kind.BOOLEAN)
    url: Text = ui(
        "", title="URL", kind=Kind.TEXT, help="Of a game, or t.me/bot?start=….", group="options", max_length=2000
    )


OPERATION = Operation(
    resource="callback",
    name="answer",
    label="Answer",
    summary="Ends the waiting of a button that was pressed, and may show something.",
    params=Params,
    request=RequestSpec(
        "POST",
        "/{credential}/answerCallbackQuery",
        body={"callback_query_id": "{query}", "text": "{text?}", "show_alert": "{alert}", "url": "{url?}"},
    ),
    items="result",
    output_example=({"data": True},),
)
