"""Spreadsheets, sheets and columns to choose from: the app's."""

from collections.abc import Mapping
from typing import Final

from functions.nodes.apps.google.nodes.sheets.options import LOADERS as OF_THE_APP
from stepweave.runtime.options import LoadOptions

LOADERS: Final[Mapping[str, LoadOptions]] = OF_THE_APP
