"""Parameters that HubSpot's operations share."""

from typing import Any, Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.options import OptionsFrom
from stepweave.spec.parts import FieldNames, Text

PATH = "/crm/v3/objects/{object}"
OBJECTS = {"contacts": "Contacts", "companies": "Companies", "deals": "Deals", "tickets": "Tickets"}


def property_field(default: Any, title: str, separator: str = "", **more: Any) -> Any:
    """Return the field for the name of a property."""
    options = OptionsFrom("properties", needs=("credential", "object"), separator=separator)
    return ui(default, title=title, kind=Kind.TEXT, options_from=options, max_length=200, **more)


class Kinded(NodeParams):
    """Records of which kind."""

    object: Literal["contacts", "companies", "deals", "tickets"] = ui(
        "contacts", title="Records", kind=Kind.SELECT, expression=False, early=True, options=list(OBJECTS.items())
    )


class Known(Kinded):
    """Which record."""

    record: Text = ui(..., title="Record ID", kind=Kind.TEXT, placeholder="{{ $json.id }}", min_length=1)


class Answered(NodeParams):
    """What comes of each record."""

    only: FieldNames = property_field(
        "", "Properties to read", ",", help="Empty: the few that HubSpot gives by itself.", validate_default=True
    )


class Property(NodeParams):
    """A property and its value."""

    name: str = property_field(..., "Property", expression=False, min_length=1)
    value: Any = ui(None, title="Value", kind=Kind.TEXT, placeholder="{{ $json.name }}")


class Written(Kinded):
    """What is written."""

    properties: list[Property] = ui(
        ...,
        title="Properties",
        kind=Kind.MAPPING,
        help="Null leaves one as it is, an empty text empties it. Several choices: a;b.",
        default_factory=list,
        max_length=500,
    )
