"""The choices of the trigger's fields."""

from collections.abc import Mapping
from typing import Final

from functions.nodes.apps.airtable.options import tables, times, views
from functions.nodes.apps.airtable.spec import APP
from stepweave.runtime.http.options import loaders_of
from stepweave.runtime.options import LoadOptions

LOADERS: Final[Mapping[str, LoadOptions]] = {
    **loaders_of(APP, "bases"),
    "tables": tables,
    "views": views,
    "times": times,
}
