"""What the editor offers for the fields of nodes that ask models; the `LOADERS` of their `options.py`."""

from collections.abc import Mapping
from typing import Final

from stepweave.runtime import Asked
from stepweave.runtime.options import LoadOptions, Options, Wanted


def models(asked: Asked, wanted: Wanted) -> Options:
    """Return the models of the account in `credential`. Raises what `stepweave_ai.listing.models` does."""
    from stepweave_ai import listing  # imported here: a step lists nothing

    return listing.models(asked, wanted)


LOADERS: Final[Mapping[str, LoadOptions]] = {"models": models}
