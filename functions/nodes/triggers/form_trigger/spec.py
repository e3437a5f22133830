"""The form trigger as a value."""

from typing import Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.forms import FormField, fields_field
from stepweave.spec.forms.looks import (
    Appearance,
    Language,
    appearance_field,
    color_field,
    embed_field,
    language_field,
    language_tag_field,
    logo_field,
    path_field,
)
from stepweave.spec.node import Category, Emits, NodeSpec, Port, TriggerKind


class Params(NodeParams):
    """The first page of a form, where it is, and how it looks."""

    path: str = path_field("contact")
    title: str = ui(
        ...,
        title="Title",
        kind=Kind.TEXT,
        expression=False,
        placeholder="Contact us",
        min_length=1,
        max_length=200,
    )
    description: str = ui(
        "",
        title="Description",
        kind=Kind.MULTILINE,
        expression=False,
        help="Markdown. HTML in it is shown as it is written.",
        max_length=10_000,
    )
    fields: list[FormField] = fields_field()
    language: Language = language_field(
        "What the pages say themselves: buttons without a text of yours, mistakes, thanks."
    )
    language_tag: str = language_tag_field()
    button: str = ui(
        "",
        title="Button",
        kind=Kind.TEXT,
        expression=False,
        placeholder="Submit",
        help="Empty: Submit, in the form's language.",
        max_length=100,
    )
    respond: Literal["text", "redirect", "lastNode"] = ui(
        "text",
        title="In the end",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("text", "Show a text"),
            ("redirect", "Go to another page"),
            ("lastNode", "Show what the last node says"),
        ],
        help="A Form ending or a Respond to webhook node takes its place.",
    )
    end_title: str = ui(
        "",
        title="Title in the end",
        kind=Kind.TEXT,
        expression=False,
        placeholder="Thank you",
        help="Empty: thanks, in the form's language.",
        show_when={"respond": ["text", "lastNode"]},
        max_length=200,
    )
    end_message: str = ui(
        "",
        title="Text in the end",
        kind=Kind.MULTILINE,
        expression=False,
        placeholder="Your answers have arrived.",
        help="Markdown. Empty: that the answers have arrived, in the form's language.",
        show_when={"respond": ["text"]},
        max_length=10_000,
    )
    redirect_url: str = ui(
        "",
        title="Address of the page",
        kind=Kind.TEXT,
        expression=False,
        placeholder="https://example.com/thanks",
        show_when={"respond": ["redirect"]},
        required_when_shown=True,
        max_length=2000,
        pattern=r"^$|^https?://[^\s/?#@]+([/?#]\S*)?$",
    )
    last_field: str = ui(
        "message",
        title="Field of the last node",
        kind=Kind.TEXT,
        expression=False,
        help="Its text is shown as Markdown. Of the last node's first item.",
        show_when={"respond": ["lastNode"]},
        min_length=1,
        max_length=200,
    )
    color: str = color_field()
    appearance: Appearance = appearance_field()
    logo_url: str = logo_field()
    embed: str = embed_field()
    per_minute: int = ui(
        10,
        title="Most submissions a minute",
        kind=Kind.NUMBER,
        expression=False,
        help="From one address.",
        group="options",
        ge=1,
        le=1000,
    )


DOCS = """\
Shows a page with fields, and starts the workflow with what a visitor sends. The page needs no JavaScript.

**Fields.** Text, long text, number, email, web address, phone number, password, date, time, date and time, choice (as
dropdown, buttons or checkboxes), yes or no, rating, hidden, file, and text on the page. What is sent is checked by the
server; browsers say the same while people type. `?email=ada@example.com` behind the address fills a field in, hidden
ones too; a `+` is a space there, but in email, web address and phone number. Files have to be chosen again where a page
is shown again.

**Language.** What the pages say themselves (buttons, mistakes, thanks) is in the language that you choose; what you
write always counts. Arabic runs from right to left.

**More pages.** Each *Form page* node further on shows the same visitor another page, with what the nodes in between
have found out. The visitor waits for it, and may come back to its address later. A *Form ending* node says what is
shown in the end.

**In a frame**, the way to another page is a link that leads out of it, as most sites let nobody show them in one.

**Output.** One item: the answers by the fields' names, and `submittedAt`. Numbers and ratings are numbers, *yes or no*
is `true` or `false`, checkboxes are a list, and what was left empty is `null`. Dates are text as 2026-01-31, 09:00 and
2026-01-31T09:00, without a zone. Files lie in `binary` under the field's name (`name`, `name_1`, ...), and the answer
tells `fileName`, `mimeType` and `size` of each.

**Errors.** Nothing starts when an answer does not fit: the visitor gets the page again with what is to be changed
(status 422), or is told that it is too much (413), too often (429), or that the workflow is switched off (503). A page
that is sent twice starts one execution. Programs that fill in every field they find start nothing; whoever has one that
does so for them gets the page again, with their answers.

**Example.** Path `contact`, the fields `email` (email, required) and `message` (long text): the next node reads
`{{ $json.email }}`.
"""

SPEC = NodeSpec(
    type="form_trigger",
    name="Form",
    category=Category.TRIGGER,
    icon="clipboard-list",
    summary="Starts when a visitor sends a form.",
    docs=DOCS,
    params=Params,
    inputs=(),
    outputs=(Port("main", emits=Emits.ALWAYS),),
    subtitle="/{path}",
    trigger=TriggerKind.FORM,
    output_example=(
        {"email": "ada@example.com", "message": "How much is it?", "submittedAt": "2026-11-29T09:00:00.000Z"},
    ),
)
