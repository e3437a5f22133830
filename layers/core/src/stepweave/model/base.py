"""The base of every document: camelCase in JSON, snake_case in Python, unknown keys refused."""

from pydantic import BaseModel, ConfigDict


def to_camel(name: str) -> str:
    """Return an attribute's name as its JSON key: `source_port` is `sourcePort`.

    Pydantic's generator of this name compiles expressions, a tenth of what the first start of a small function takes.
    """
    first, *rest = name.split("_")
    return first + "".join(map(str.capitalize, rest))


class Document(BaseModel):
    """A piece of JSON with known keys.

    JSON keys are camelCase (`sourcePort`), attributes are snake_case (`source_port`); an unknown key is an error, so a
    misspelt one never vanishes silently. Its validators are built when they are first wanted: functions import many
    models, and use few.
    """

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True, defer_build=True
    )

    def to_json(self) -> dict[str, object]:
        """Return the document as JSON-ready data with camelCase keys, leaving out what was never set."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)
