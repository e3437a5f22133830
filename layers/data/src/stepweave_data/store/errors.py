"""Why the store does not do something. A class's name is the error's code in the function's answer.

StoreError
├── StoreKeyInvalid      a key, or the name of a store, table or column, cannot be one
├── StoreValueInvalid    a value cannot be stored: too large, nested too deeply, no JSON
├── StoreFull            there are as many keys, tables, columns or rows as there may be
├── StoreNotNumber       what is to be incremented is no number, or would have more digits than one keeps
├── TableNotFound        there is no such table
├── TableExists          there is one of this name already
├── ColumnUnknown        the table has no such column
├── ColumnMismatch       a value does not fit its column's type, or an operator does not
├── MemorySessionInvalid there is no session key, or one that cannot be one
└── MemoryFull           there are as many talks as there may be
"""

from typing import Any


class StoreError(Exception):
    """What cannot be done: what is wrong, and what to do. `field` names the part of the operation it is about."""

    def __init__(self, message: str, remedy: str = "", field: str = "") -> None:
        super().__init__(message)
        self.message, self.remedy, self.field = message, remedy, field

    def to_json(self) -> dict[str, Any]:
        """Return the error as the store's function answers it."""
        told = {"code": type(self).__name__, "message": self.message, "remedy": self.remedy}
        return told | ({"field": self.field} if self.field else {})


class StoreKeyInvalid(StoreError):
    """A key, or the name of a store, table or column, cannot be one."""


class StoreValueInvalid(StoreError):
    """A value cannot be stored."""


class StoreExists(StoreError):
    """A project has a store of this name already."""


class StoreFull(StoreError):
    """There are as many as there may be."""


class StoreNotNumber(StoreError):
    """What is to be incremented is no number, or the sum is none that keeps all its digits."""


class TableNotFound(StoreError):
    """There is no such table."""


class TableExists(StoreError):
    """There is a table of this name already."""


class ColumnUnknown(StoreError):
    """The table has no such column."""


class ColumnMismatch(StoreError):
    """A value does not fit its column's type."""


class MemorySessionInvalid(StoreError):
    """There is no session key, or one that cannot be one."""


class MemoryFull(StoreError):
    """There are as many talks as there may be."""
