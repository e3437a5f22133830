"""The account's buckets, for the editor to choose from."""

from collections.abc import Mapping
from typing import Final

from functions.nodes.apps.aws.service import service_of
from stepweave.runtime.asks import Asked
from stepweave.runtime.options import LoadOptions, Option, Options, Wanted


def buckets(asked: Asked, wanted: Wanted) -> Options:
    """Return the buckets of the credential's account."""
    found = service_of(asked, "s3").call("ListBuckets", "the account's buckets").get("Buckets", [])
    return Options([Option(one["Name"]) for one in found])


LOADERS: Final[Mapping[str, LoadOptions]] = {"buckets": buckets}
