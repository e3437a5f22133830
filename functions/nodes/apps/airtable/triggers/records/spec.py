"""The trigger for records as a value."""

from typing import Literal

from functions.nodes.apps.airtable.fields import IN_TABLE, base_field, table_field, view_field
from functions.nodes.apps.airtable.spec import APP
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.options import OptionsFrom
from stepweave.spec.parts import Text
from stepweave.spec.triggers import credential_field, every_field, polling_trigger


class Params(NodeParams):
    """Which records, and how often to look."""

    credential: str = credential_field(APP.credentials)
    every_minutes: int = every_field()
    base: Text = base_field()
    table: Text = table_field()
    event: Literal["created", "changed"] = ui(
        "created",
        title="Starts with",
        kind=Kind.SELECT,
        expression=False,
        options=[("created", "New records"), ("changed", "New and changed records")],
    )
    changed_at: Text = ui(
        "",
        title="Last modified field",
        kind=Kind.TEXT,
        expression=False,
        help="A field of type Last modified time; it says which fields count as a change.",
        options_from=OptionsFrom("times", needs=IN_TABLE),
        show_when={"event": ["changed"]},
        required_when_shown=True,
        max_length=300,
    )
    view: Text = view_field()
    formula: Text = ui(
        "",
        title="Formula",
        kind=Kind.MULTILINE,
        expression=False,
        placeholder='{Status}="Done"',
        help="Only records for which it holds.",
        group="options",
        max_length=10_000,
    )


DOCS = """\
Starts the published workflow with each record that is new in a table, or that was changed. What is there when the
workflow is published does not start it.

*New and changed records* needs a field of type *Last modified time* in the table, which knows times to the second: of
two changes in one second that lie around a poll the second is not seen.

**Output.** One item for each record, the oldest first: `id`, `createdTime` and `fields`, in which empty cells are not
there.

**Errors.** `HttpClientError` (4xx), `HttpRateLimited` (429; Airtable then wants to be left alone for 30 seconds),
`HttpServerError` (5xx), `RequestTimeout`, `ResponseInvalid`, `ResponseTooLarge`, `TooManyRedirects`.

**Example.** Table `Orders`, new records, every 5 minutes.
"""

SPEC = polling_trigger(
    APP,
    type="airtable_trigger",
    name="Airtable: record",
    icon="table-2",
    summary="Starts with each record that is new in a table of Airtable, or changed.",
    docs=DOCS,
    params=Params,
    output_example=({"id": "rec1", "createdTime": "2026-11-30T09:00:00.000Z", "fields": {"Name": "Ada"}},),
)
