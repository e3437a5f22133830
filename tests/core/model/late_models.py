"""Models for `test_later`, in a module of their own: pytest looks at all that stands in a module of tests."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from stepweave.model.base import Document
from stepweave.model.later import Later


class Base(Document, metaclass=Later):
    """Made at once: the metaclass begins here."""

    model_config = ConfigDict(json_schema_extra={"additionalProperties": False})


class Plain:
    """Fields that models share."""

    shared: int = Field(7, title="Shared")


class Row(Base):
    """A row."""

    name: str = Field(..., min_length=1)


class Rows(Base, Plain):
    """Rows."""

    row_list: list[Row] = Field(default_factory=list, title="Rows")
    kind: Annotated[str, Field(max_length=3)] = "abc"
    _seen: int = 5

    @field_validator("kind")
    @classmethod
    def _no_digits(cls, value: str) -> str:
        if value.isdigit():
            raise ValueError("a digit")
        return value

    def words(self) -> str:
        """All names."""
        return " ".join(row.name for row in self.row_list)


class More(Rows):
    """A subclass of one that is no model yet."""

    kind: str = "more"


class Outer(BaseModel):
    """A model of another kind, with one as a field."""

    model_config = ConfigDict(defer_build=True)

    more: More


class Wrong(Base):
    """No pydantic model: a field without a type."""

    thing = 5  # type: ignore[pydantic-field]  # what it is about
