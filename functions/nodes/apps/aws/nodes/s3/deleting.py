"""Deletes objects of many items in one call; each item hears of its own."""

from collections.abc import Iterator
from itertools import groupby

from functions.nodes.apps.aws.nodes.s3.spec import Params
from functions.nodes.apps.aws.service import Services, refused
from stepweave.model.items import Item, item
from stepweave.runtime import Entry
from stepweave.runtime.errors import NodeError, ParameterInvalid


def delete(services: Services, entries: list[Entry[Params]]) -> Iterator[list[Item] | NodeError]:
    """Yield what came of each item, in their order: an item that says so, or why it is not deleted.

    Raises:
        NodeError: what `specs.ERRORS` names, of all of them.
    """
    for (bucket, region), found in groupby(entries, lambda entry: (entry.params.bucket, entry.params.region)):
        group = list(found)
        wanted = list(dict.fromkeys((one.params.key, one.params.version) for one in group if one.params.key))
        failed = _deleted(services, bucket, region, wanted) if wanted else {}
        for entry in group:
            key = entry.params.key
            if not key:
                words = "The key is empty."
                yield ParameterInvalid(words, "Write the object's whole name.", details={"field": "params.key"})
            elif error := failed.get((key, entry.params.version)):
                yield error
            else:
                yield [item({"bucket": bucket, "key": key, "deleted": True})]


def _deleted(
    services: Services, bucket: str, region: str, wanted: list[tuple[str, str]]
) -> dict[tuple[str, str], NodeError]:
    """Delete objects, given by key and version. Return the errors of those that are still there."""
    s3 = services.of(region)
    objects = [{"Key": key, **({"VersionId": version} if version else {})} for key, version in wanted]
    answer = s3.call(
        "DeleteObjects", f"the bucket {bucket}", field="params.bucket", Bucket=bucket,
        Delete={"Objects": objects, "Quiet": True},
    )  # fmt: skip
    failed = {}
    for told in answer.get("Errors", []):
        key = str(told.get("Key"))
        error = refused(
            {"Error": told}, "s3:DeleteObject", f"the object {bucket}/{key}", s3.account.region, "params.key"
        )
        failed[key, str(told.get("VersionId") or "")] = error
    return failed
