"""What can be done with a record."""

from typing import Literal

from functions.nodes.apps.hubspot.fields import PATH, Answered, Kinded, Known, Written, property_field
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.operations import BodyCursor, Listed, Operation, RequestSpec
from stepweave.spec.parts import Text

OPERATORS = {"EQ": "is", "NEQ": "is not", "GT": "is more than", "LT": "is less than", "CONTAINS_TOKEN": "has the word"}
FOUND = {"filterGroups": [{"filters": "{where?}"}], "query": "{words?}", "sorts": ["{sort?}"], "properties": "{only?}"}
KEPT = {"inputs": [{"idProperty": "{by}", "id": "{value}", "properties": "{properties#}"}]}
ADA = ({"id": "512", "properties": {"email": "ada@example.com"}},)


class Unique(Written):
    """Which record, and what it becomes."""

    by: Text = property_field("email", "Known by", min_length=1, early=True)
    value: Text = ui(..., title="Its value", kind=Kind.TEXT, placeholder="{{ $json.email }}", min_length=1)


class Read(Answered, Known):
    """Which record."""

    known_by: Text = property_field("", "Known by", help="Empty: the ID.", placeholder="email", group="options")


class Changed(Written, Known):
    """Which record, and what it becomes."""


class Condition(NodeParams):
    """What a property must be: a filter as HubSpot takes it."""

    property_name: str = property_field(..., "Property", expression=False, min_length=1)
    operator: Literal["EQ", "NEQ", "GT", "LT", "CONTAINS_TOKEN"] = ui(
        "EQ", title="Condition", kind=Kind.SELECT, expression=False, options=list(OPERATORS.items())
    )
    value: Text = ui("", title="Value", kind=Kind.TEXT)


class Searched(Answered, Listed, Kinded):
    """Which records."""

    where: list[Condition] = ui(..., title="Where", kind=Kind.COLLECTION, default_factory=list, max_length=6)
    words: Text = ui("", title="Words", kind=Kind.TEXT, help="In names, emails, telephone numbers and the like.")
    sort: Text = ui("", title="Sort by", kind=Kind.TEXT, placeholder="-createdate", help="With - in front: descending.")


OPERATIONS = (
    Operation(
        resource="record",
        name="upsert",
        label="Create or update",
        summary="Changes the record that a property tells, or adds it.",
        params=Unique,
        request=RequestSpec("POST", PATH + "/batch/upsert", body=KEPT),
        items="results",
        output_example=({**ADA[0], "new": False},),
    ),
    Operation(
        resource="record",
        name="create",
        label="Create",
        summary="Adds a record. A contact whose email is there already is refused.",
        params=Written,
        request=RequestSpec("POST", PATH, body={"properties": "{properties#}"}),
        output_example=ADA,
    ),
    Operation(
        resource="record",
        name="get",
        label="Get",
        summary="Reads a record by its ID, or by a property whose values are unique, such as email.",
        params=Read,
        request=RequestSpec("GET", PATH + "/{record}", query=(("properties", "{only}"), ("idProperty", "{knownBy}"))),
        output_example=ADA,
    ),
    Operation(
        resource="record",
        name="search",
        label="Search",
        summary="Finds records by their properties or by words; all conditions must hold.",
        params=Searched,
        request=RequestSpec("POST", PATH + "/search", body={**FOUND, "limit": "{size}", "after": "{cursor?}"}),
        items="results",
        paging=BodyCursor(at="paging.next.after", size=200),
        output_example=ADA,
    ),
    Operation(
        resource="record",
        name="update",
        label="Update",
        summary="Changes properties of a record; the others stay.",
        params=Changed,
        request=RequestSpec("PATCH", PATH + "/{record}", body={"properties": "{properties#}"}),
        output_example=({"id": "512", "properties": {"phone": "+4930123456"}},),
    ),
    Operation(
        resource="record",
        name="delete",
        label="Delete",
        summary="Moves a record to the recycling bin, where it stays for 90 days.",
        params=Known,
        request=RequestSpec("DELETE", PATH + "/{record}"),
        output_example=({},),
    ),
)
