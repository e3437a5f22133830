"""The Airtable node as a value."""

from functions.nodes.apps.airtable.refusals import told
from stepweave.spec.operation_forms import app_node, operations_in
from stepweave.spec.operations import App, Cursor, OptionsRequest, RequestSpec

BASES = OptionsRequest(
    name="bases",
    request=RequestSpec("GET", "/meta/bases"),
    items="bases",
    paging=Cursor(query="offset", at="offset"),
    value="id",
    label="name",
    detail="permissionLevel",
)

APP = App(
    base_url="https://api.airtable.com/v0",
    credential=("airtable_token", "airtable_oauth2"),
    operations=operations_in(__package__, "record_update"),
    options=(BASES,),
    refusal=told,
)

DOCS = """\
Works with the records of a table at Airtable.

**Batches.** Records that are created, changed or deleted go ten in a request. Airtable takes all of a request or
nothing; where it refuses one, they are sent one by one, so that only the item with the mistake fails. A request that
got no answer may have been carried out all the same: *Create or update* may be tried again without harm, *Create* may
not.

**Values.** With *Convert values* text becomes a number, a date, an option or a link, as far as Airtable can. Fields
that Airtable fills in itself (formulas, counts, times) cannot be written.

**Conditions.** Names and values in *Where* are quoted: no value can change what is asked.

**Example.** Record, Create or update: known by `Email`, fields `Email` `{{ $json.email }}`, `Name` `{{ $json.name }}`.
"""

SPEC = app_node(
    APP,
    type="airtable",
    name="Airtable",
    icon="table-2",
    summary="Adds, finds, changes and deletes records.",
    docs=DOCS,
)
