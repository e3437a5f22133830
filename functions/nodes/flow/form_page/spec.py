"""The form page node as a value."""

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.forms import PageField, fields_field
from stepweave.spec.node import Category, NodeSpec, Port, Waiting
from stepweave.spec.parts import Text


class Params(NodeParams):
    """A later page of a form, and for how long it waits."""

    title: Text = ui(
        ...,
        title="Title",
        kind=Kind.TEXT,
        placeholder="Your order, {{ $json.name }}",
        min_length=1,
        max_length=200,
    )
    description: Text = ui(
        "",
        title="Description",
        kind=Kind.MULTILINE,
        help="Markdown. HTML in it is shown as it is written.",
        max_length=10_000,
    )
    fields: list[PageField] = fields_field()
    button: Text = ui(
        "",
        title="Button",
        kind=Kind.TEXT,
        placeholder="Next",
        help="Empty: Next, in the form's language.",
        max_length=100,
    )
    limit_seconds: int = ui(
        86_400,
        title="At most, in seconds",
        kind=Kind.NUMBER,
        expression=False,
        help="After that the items take the port `timeout`. 86400 is a day.",
        ge=1,
        le=31_536_000,
    )


DOCS = """\
Shows another page to whoever filled in the form that started the workflow, and goes on when it is sent. Nothing runs
and nothing is paid for while it waits, up to a year.

The visitor stays in one browser tab: after each page it shows the next one, as soon as the nodes in between are done.
What the visitor reads may be made of what they found (`{{ $json.price }}`), choices too: lines of text, or a list
(`{{ $json.sizes }}`). It looks and speaks as the *Form* that started the workflow does.

A page counts once. Who sends it again with other answers (from another tab, after going back), or when the workflow
waits for it no longer, is told that these are not taken.

**Somebody else.** `{{ $execution.formUrl }}` is the address of the pages, in this node and in all before it: send it by
mail, and the workflow may have begun in any way. Whoever has the address may fill in the page.

**Output.** One item: the answers by the fields' names, and `submittedAt`, as the *Form* gives them. Earlier answers are
at their own node: `{{ $('Form').item.json.email }}`. When nobody sent it in time, the input items on `timeout`. One run
shows one page, made of the first item, however many items there are; in a *Loop* there is a page for each round.

**Errors.** `ParameterInvalid` for a page that cannot be shown: two fields of one name, a choice without choices, a
pattern that cannot be read, limits that leave nothing to fill in.

**Example.** Title `Which size, {{ $json.name }}?`, a field `size` of type *Choice* with the lines `S`, `M` and `L`.
"""

SPEC = NodeSpec(
    type="form_page",
    name="Form page",
    category=Category.FLOW,
    icon="square-pen",
    summary="Shows the visitor of a form another page, and waits for it.",
    docs=DOCS,
    params=Params,
    outputs=(Port("main", "Main"), Port("timeout", "Timed out")),
    waiting=Waiting(seconds="limitSeconds", timeout_port="timeout"),
    subtitle="{title}",
    timeout_seconds=30,
    output_example=({"size": "M", "submittedAt": "2026-11-29T09:00:00.000Z"},),
)
