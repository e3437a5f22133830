"""What the editor offers for the fields of nodes that ask models; the `LOADERS` of their `options.py`."""

from collections.abc import Mapping
from typing import Final

from stepweave.runtime import Asked
from stepweave.runtime.options import LoadOptions, Options, Wanted


def loaders(what: str) -> Mapping[str, LoadOptions]:
    """Return the loaders of a node that asks models for something: a name in `stepweave_ai.listing.MARKS`."""

    def models(asked: Asked, wanted: Wanted) -> Options:
        from stepweave_ai import listing  # imported here: a step lists nothing

        return listing.models(asked, wanted, what)

    return {"models": models}


LOADERS: Final[Mapping[str, LoadOptions]] = loaders("chat")
