"""Parameters of nodes that ask people in a message, and wait for the answer (`stepweave.runtime.questions`)."""

from typing import Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.forms import PageField
from stepweave.spec.mails import OptionalText
from stepweave.spec.parts import Text

_APPROVAL = {"answer": ["approval"]}


class Answering(NodeParams):
    """What may be answered, and how long."""

    answer: Literal["approval", "text", "form"] = ui(
        "approval",
        title="Answer",
        kind=Kind.SELECT,
        expression=False,
        options=[("approval", "Approve or refuse"), ("text", "Free text"), ("form", "A form")],
    )
    approve: Text = ui(
        "Approve",
        title="Approve is called",
        kind=Kind.TEXT,
        show_when=_APPROVAL,
        required_when_shown=True,
        max_length=60,
    )
    refuse: Text = ui(
        "Refuse",
        title="Refuse is called",
        kind=Kind.TEXT,
        help="Empty: one can only approve.",
        show_when=_APPROVAL,
        max_length=60,
    )
    comment: OptionalText = ui(
        "",
        title="Comment is called",
        kind=Kind.TEXT,
        placeholder="Comment",
        help="Empty: none is asked for.",
        show_when=_APPROVAL,
        max_length=200,
    )
    question: Text = ui(
        "Your answer",
        title="Label",
        kind=Kind.TEXT,
        help="What stands above the text.",
        show_when={"answer": ["text"]},
        required_when_shown=True,
        max_length=500,
    )
    fields: list[PageField] = ui(
        None,
        title="Fields",
        kind=Kind.COLLECTION,
        show_when={"answer": ["form"]},
        default_factory=list,
        max_length=100,
    )
    limit_seconds: int = ui(
        259_200,
        title="At most, in seconds",
        kind=Kind.NUMBER,
        expression=False,
        help="After that the items take the port `timeout`. 259200 is three days.",
        ge=1,
        le=31_536_000,
    )


class Question(NodeParams):
    """What is asked in a chat."""

    subject: Text = ui(
        ...,
        title="Question",
        kind=Kind.TEXT,
        placeholder="Refund order {{ $json.id }}?",
        help="Also the title of the page on which it is answered.",
        min_length=1,
        max_length=200,
    )
    message: Text = ui(
        "",
        title="Message",
        kind=Kind.MULTILINE,
        placeholder="{{ $json.customer }} asks for {{ $json.amount }} EUR.",
        help="What people need to know to answer, in Markdown.",
        max_length=3000,
    )


class AskedInChat(Answering, Question):
    """What is asked in a chat, and what may be answered."""

    button: Text = ui(
        "",
        title="Button",
        kind=Kind.TEXT,
        placeholder="Answer",
        help="Of a message that asks for text or a form.",
        group="options",
        max_length=60,
    )
