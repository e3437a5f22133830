"""The HubSpot node as a value."""

from stepweave.spec.operation_forms import app_node, operations_in
from stepweave.spec.operations import App, OptionsRequest, RequestSpec

PROPERTIES = OptionsRequest(
    name="properties",
    request=RequestSpec("GET", "/crm/v3/properties/{object}"),
    items="results",
    value="name",
    label="label",
    detail="type",
)

APP = App(
    base_url="https://api.hubapi.com",
    credential="hubspot_token",
    operations=operations_in(__package__, "record_upsert"),
    options=(PROPERTIES,),
    errors_at="errors",
    words_at="errors[0].message",
    wait_seconds=10,
)

DOCS = """\
Works with the records of HubSpot's CRM: contacts, companies, deals, tickets.

**Create or update** asks once, and HubSpot itself looks whether the record is there: by `email`, or by a property whose
values must be unique. It may be tried again without harm; *Create* fails with 409 where the contact is there.

**Search** finds 10,000 records at most, and new ones only after some seconds. *Get* knows a record at once.

**Example.** Record, Create or update: `email` `{{ $json.email }}`, properties `firstname` `{{ $json.name }}`.
"""

SPEC = app_node(
    APP,
    type="hubspot",
    name="HubSpot",
    icon="contact",
    summary="Adds, finds, changes and deletes contacts, companies, deals and tickets.",
    docs=DOCS,
)
