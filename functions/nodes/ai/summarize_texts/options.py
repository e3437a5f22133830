"""The models of an account, for the editor to choose from."""

from collections.abc import Mapping
from typing import Final

from stepweave.runtime import Asked
from stepweave.runtime.options import LoadOptions, Options, Wanted


def models(asked: Asked, wanted: Wanted) -> Options:
    """Return the account's models."""
    from stepweave_ai import listing  # imported here: a step lists nothing

    return listing.models(asked, wanted)


LOADERS: Final[Mapping[str, LoadOptions]] = {"models": models}
