"""The stores that have something, for the editor to choose from."""

from collections.abc import Mapping
from typing import Final

from stepweave.runtime import Asked
from stepweave.runtime.options import LoadOptions, Option, Options, Wanted
from stepweave.spec.kept import WITHIN


def stores(asked: Asked, wanted: Wanted) -> Options:
    """Return the stores, each with how many keys it has."""
    found = asked.store.do({"do": "stores", WITHIN: asked.param(WITHIN)})
    return Options([Option(one["name"], detail=f"{one['keys']:,} keys") for one in found])


LOADERS: Final[Mapping[str, LoadOptions]] = {"stores": stores}
