"""Lists contacts."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.microsoft.graph import listed, literal
from functions.nodes.apps.microsoft.nodes.outlook.fields import InMailbox
from stepweave.spec.fields import Kind, ui
from stepweave.spec.mails import OptionalText
from stepweave.spec.operations import Call, Listed, Operation, RequestSpec

_LIST = RequestSpec("GET", "/{mailbox*}/contacts", query=(("$filter", "{filter}"),))


class Params(Listed, InMailbox):
    """Which contacts."""

    address: OptionalText = ui("", title="Email", kind=Kind.TEXT, help="Those with this address.", max_length=320)


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the contacts."""
    found = f"emailAddresses/any(a:a/address eq {literal(params.address.strip())})" if params.address else ""
    return call.pages(_LIST, listed(), "value", filter=found)


OPERATION = Operation(
    resource="contact",
    name="list",
    label="List",
    summary="Lists the contacts of a mailbox, or those with an address.",
    params=Params,
    run=run,
    output_example=({"id": "AAMkC", "displayName": "Ada Lovelace"},),
)
