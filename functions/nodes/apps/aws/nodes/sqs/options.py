"""The account's queues, for the editor to choose from."""

from collections.abc import Mapping
from typing import Final

from functions.nodes.apps.aws.options import queues_of
from stepweave.runtime.options import LoadOptions

LOADERS: Final[Mapping[str, LoadOptions]] = {"queues": queues_of}
