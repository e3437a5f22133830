"""What a check finds."""

from typing import NamedTuple

from stepweave.model.diagnostics import Diagnostic


class Finding(NamedTuple):
    """A diagnostic, and whether it stops the compiler: what comes after needs a document without it."""

    diagnostic: Diagnostic
    stops: bool = False
