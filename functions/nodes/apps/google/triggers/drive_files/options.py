"""Folders to choose from: the app's."""

from collections.abc import Mapping
from typing import Final

from functions.nodes.apps.google.nodes.drive.spec import APP
from stepweave.runtime.http.options import loaders_of
from stepweave.runtime.options import LoadOptions

LOADERS: Final[Mapping[str, LoadOptions]] = loaders_of(APP, "folders")
