"""Documents and folders to choose from."""

from collections.abc import Mapping
from typing import Final

from functions.nodes.apps.google.api import drive_with, files_of_type
from stepweave.runtime.http.options import loaders_of
from stepweave.runtime.options import LoadOptions

_DRIVE: Final = drive_with(
    files_of_type("documents", "application/vnd.google-apps.document"),
    files_of_type("folders", "application/vnd.google-apps.folder"),
)
LOADERS: Final[Mapping[str, LoadOptions]] = loaders_of(_DRIVE, "documents", "folders")
