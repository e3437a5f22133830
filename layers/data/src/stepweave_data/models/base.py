"""The base of all tables' models."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from sqlalchemy import Numeric, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSON, JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TIMESTAMP

Written = Annotated[dict[str, Any], mapped_column(JSON(none_as_null=True))]
"""JSON that comes back as it was written, its keys in their order: `json`."""


class Base(DeclarativeBase):
    """The base of all models: text is `text`, times are `timestamptz`, JSON is `jsonb` unless it is `Written`."""

    type_annotation_map = {  # noqa: RUF012  # SQLAlchemy's own attribute
        str: Text(),
        datetime: TIMESTAMP(timezone=True),
        Decimal: Numeric(),
        dict[str, Any]: JSONB(none_as_null=True),
        list[str]: ARRAY(Text()),
    }
