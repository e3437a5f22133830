"""The choices of the trigger's fields."""

from collections.abc import Mapping
from typing import Final

from functions.nodes.apps.notion.options import databases
from stepweave.runtime.options import LoadOptions

LOADERS: Final[Mapping[str, LoadOptions]] = {"databases": databases}
