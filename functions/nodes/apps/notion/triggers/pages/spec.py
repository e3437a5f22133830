"""The trigger for pages of a database as a value."""

from typing import Literal

from functions.nodes.apps.notion.fields import database_field
from functions.nodes.apps.notion.spec import APP
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.parts import Text
from stepweave.spec.triggers import credential_field, every_field, polling_trigger


class Params(NodeParams):
    """Which pages, and how often to look."""

    credential: str = credential_field(APP.credentials)
    every_minutes: int = every_field()
    database: Text = database_field()
    event: Literal["created", "changed"] = ui(
        "created",
        title="Starts with",
        kind=Kind.SELECT,
        expression=False,
        options=[("created", "New pages"), ("changed", "New and changed pages")],
    )
    raw: bool = ui(
        False,
        title="As Notion gives it",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Off: properties have plain values.",
        group="options",
    )


DOCS = """\
Starts the published workflow with each page that is new in a database of Notion, or that was changed. What is there
when the workflow is published does not start it.

Notion tells the time of a change to the minute. A page whose properties change several times in a minute starts the
workflow for each state that a poll sees; a second change of its content in the same minute is not seen. A page that
somebody has only just added, and still writes, comes as it is when it is seen: wait, and read it again, where that
matters.

**Output.** One item for each page, the oldest first, as *Page, Get* gives it.

**Errors.** `HttpClientError` (4xx), `HttpRateLimited` (429), `HttpServerError` (5xx, and conflicts), `RequestTimeout`,
`ParameterInvalid` (there is no such database), `ResponseInvalid`, `ResponseTooLarge`, `TooManyRedirects`.

**Example.** Database *Tasks*, new pages, every 5 minutes.
"""

SPEC = polling_trigger(
    APP,
    type="notion_trigger",
    name="Notion: page",
    icon="notebook-text",
    summary="Starts with each page that is new in a database of Notion, or changed.",
    docs=DOCS,
    params=Params,
    output_example=({"id": "1f2e", "title": "Ada", "properties": {"Name": "Ada"}},),
)
