"""The account's mailboxes, for the editor to choose from."""

from collections.abc import Mapping
from typing import Final

from stepweave.runtime.mailbox.choices import mailboxes
from stepweave.runtime.options import LoadOptions

LOADERS: Final[Mapping[str, LoadOptions]] = {"mailboxes": mailboxes}
