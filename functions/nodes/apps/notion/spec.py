"""The Notion node as a value."""

from functions.nodes.apps.notion.refusals import told
from stepweave.spec.operation_forms import app_node, operations_in
from stepweave.spec.operations import App

APP = App(
    base_url="https://api.notion.com/v1",
    credential=("notion_token", "notion_oauth2"),
    operations=operations_in(__package__, "page_create"),
    headers=(("Notion-Version", "2025-09-03"),),
    refusal=told,
    timeout_seconds=60,
)

DOCS = """\
Works with databases, pages and comments of Notion. It sees what is shared with the integration, and nothing else.

**Databases.** Since 2025 a database has one or more *data sources*; what is chosen under Database is one of these. The
ID or the address of a database with one data source is as good.

**Values.** Properties come as plain values: text, numbers, names of options, dates as text (with an end: `{start,
end}`), IDs of relations, people and files as objects. They are written in the same way; several options or IDs are a
list, or text with commas in between. What Notion fills in itself (formulas, rollups, times) cannot be written.

**Content** is Markdown: headings, lists, tasks, tables, code, quotes, rules, images by address, bold, italic, strike-
through, code and links. Long texts and many blocks are sent in parts, as Notion's limits want it. `ContentIncomplete`:
some parts are there, and a later one was refused; it is not tried again.

**Example.** Page, Create: database *Tasks*, property `Name` `{{ $json.subject }}`, content `{{ $json.text }}`.
"""

SPEC = app_node(
    APP,
    type="notion",
    name="Notion",
    icon="notebook-text",
    summary="Finds, writes and reads pages of databases, their content, and comments.",
    docs=DOCS,
    layers=("markup",),
    errors=("ContentIncomplete",),
)
