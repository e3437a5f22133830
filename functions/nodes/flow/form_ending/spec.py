"""The form ending node as a value."""

from typing import Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, Emits, NodeSpec, Port
from stepweave.spec.parts import Text


class Params(NodeParams):
    """What is shown in the end."""

    respond: Literal["text", "redirect"] = ui(
        "text",
        title="In the end",
        kind=Kind.SELECT,
        expression=False,
        options=[("text", "Show a text"), ("redirect", "Go to another page")],
    )
    title: Text = ui(
        "",
        title="Title",
        kind=Kind.TEXT,
        placeholder="Thank you, {{ $json.name }}",
        help="Empty: thanks, in the form's language.",
        show_when={"respond": ["text"]},
        max_length=200,
    )
    message: Text = ui(
        "",
        title="Text",
        kind=Kind.MULTILINE,
        help="Markdown. HTML in it is shown as it is written.",
        show_when={"respond": ["text"]},
        max_length=50_000,
    )
    redirect_url: Text = ui(
        "",
        title="Address of the page",
        kind=Kind.TEXT,
        placeholder="https://example.com/orders/{{ $json.id }}",
        show_when={"respond": ["redirect"]},
        required_when_shown=True,
        max_length=4000,
    )


DOCS = """\
Says what the visitor of a form sees in the end, in place of what the *Form* trigger says. The workflow goes on after
it; the first ending that is reached counts. So several branches may end differently.

**Output.** The input items, unchanged. Title, text and address are evaluated for the first item.

**Errors.** `ParameterInvalid` for an address that does not begin with http:// or https://, or holds a name or password.

**Example.** Behind an *If*: title `We have it, {{ $json.name }}`, text `Your number is **{{ $json.id }}**.`
"""

SPEC = NodeSpec(
    type="form_ending",
    name="Form ending",
    category=Category.FLOW,
    icon="flag",
    summary="Says what the visitor of a form sees in the end.",
    docs=DOCS,
    params=Params,
    outputs=(Port("main", emits=Emits.ALWAYS),),
    subtitle="{title}",
    is_response=True,
    timeout_seconds=30,
    output_example=({"id": 7},),
)
