"""A field that is called something else outside is called so in schemas, in what it takes and in what it gives."""

from functions.nodes.messages.credentials.smtp import Data


def test_a_field_has_its_other_name_outside() -> None:
    assert "from" in Data.model_json_schema(by_alias=True)["properties"]
    given = {"host": "h", "from": "a@example.com"}
    assert Data.model_validate(given).model_dump(by_alias=True)["from"] == "a@example.com"
