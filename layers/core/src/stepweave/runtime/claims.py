"""Claim checks: items and files that are too large for a state lie in S3, and the state carries a reference.

Keys begin with the tenant's id, and nothing is read for a tenant under another's.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import IO, Any, Final

from stepweave.aws import AwsError
from stepweave.aws.storage import Storage
from stepweave.model.events import ExecutionContext
from stepweave.model.items import Batch, BinaryRef, Item, StoredItems
from stepweave.model.json_text import endless_place, mended_text, write
from stepweave.model.sizes import size_text
from stepweave.runtime.errors import DataMissing, DataTooLarge, NodeError, ResultInvalid, StorageUnavailable
from stepweave.runtime.previews import PREVIEW_BYTES, preview
from stepweave.runtime.uploads import Upload

MOST_BATCH_BYTES: Final = 64 * 1024 * 1024
"""The largest stored batch: three copies of it in Python objects still fit a 512 MB function."""


def encode(items: Sequence[Item]) -> bytes:
    """Return items as JSON in UTF-8; half of a surrogate pair in their text is U+FFFD (`stepweave.model.json_text`).

    Raises:
        ResultInvalid: something in them is not JSON data (NaN, an object of a class).
    """
    try:
        text = json.dumps(items, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError) as error:
        place = "" if isinstance(error, RecursionError) else endless_place(items)
        words = f"{place} is no number that JSON has (NaN, an infinity or too large)" if place else str(error)
        raise ResultInvalid(
            f"The result is not JSON data: {words}.", "Give back text, numbers, true, false, null, lists and objects."
        ) from error
    return mended_text(text).encode()


def key_of(context: ExecutionContext, node_id: str, attempt: int, name: str, iteration: str = "") -> str:
    """Return the S3 key of what a node run leaves: `<tenant>/<execution>/<node>/[<iteration>/]<attempt>-<name>`."""
    place = f"{iteration}/" if iteration else ""
    return f"{context['tenantId']}/{context['executionId']}/{node_id}/{place}{attempt}-{name}"


class Claims:
    """Stores and fetches batches and files of one data bucket."""

    def __init__(self, storage: Callable[[], Storage], bucket: str) -> None:
        self._storage = storage
        self._bucket = bucket

    @property
    def bucket(self) -> str:
        """The bucket's name."""
        return self._bucket

    def store(
        self, key: str, items: list[Item], encoded: bytes | None = None, preview_bytes: int = PREVIEW_BYTES
    ) -> Batch:
        """Store items and return the batch that refers to them.

        Args:
            key: where, as `key_of` names it.
            items: at least one.
            encoded: their JSON, where it is known already.
            preview_bytes: how much of them the batch may show.

        Raises:
            DataTooLarge: more than `MOST_BATCH_BYTES`.
            StorageUnavailable: S3 could not be reached.
        """
        content = encode(items) if encoded is None else encoded
        if len(content) > MOST_BATCH_BYTES:
            raise DataTooLarge(
                f"{len(items)} items are {size_text(len(content))} of JSON; a port carries at most "
                f"{size_text(MOST_BATCH_BYTES)}.",
                "Keep fewer fields, or work through the items in smaller lists.",
            )
        ref = self.store_bytes(key, content)
        return {"count": len(items), "ref": ref, "preview": preview(items, preview_bytes)}

    def store_bytes(self, key: str, content: bytes) -> StoredItems:
        """Store what is JSON already, or several such texts after each other, and return where it lies.

        Raises:
            StorageUnavailable: S3 could not be reached.
        """
        try:
            sha256 = self._storage().put(self._bucket, key, content)
        except AwsError as error:
            raise _storage_error(error) from error
        return {"bucket": self._bucket, "key": key, "size": len(content), "sha256": sha256}

    def store_json(self, key: str, data: Any) -> StoredItems:
        """Store JSON data that is no list of items.

        Raises:
            StorageUnavailable: S3 could not be reached.
        """
        return self.store_bytes(key, write(data).encode())

    def fetch_json(self, bucket: str, key: str, tenant_id: str) -> Any:
        """Return JSON data that Step Functions or `store_json` stored.

        Raises:
            DataMissing: it is gone, or another tenant's.
            StorageUnavailable: S3 could not be reached.
        """
        self._check(bucket, key, tenant_id)
        try:
            return json.loads(self._storage().get(bucket, key))
        except AwsError as error:
            raise _storage_error(error) from error

    def fetch(self, batch: Batch, tenant_id: str) -> list[Item]:
        """Return a batch's items, wherever they lie.

        Args:
            batch: of a step's input or of another node's output.
            tenant_id: whose execution asks.

        Raises:
            DataMissing: they are gone, changed, or another tenant's.
            DataTooLarge: they were streamed, and are more than `MOST_BATCH_BYTES` (`stepweave.runtime.streaming`).
            StorageUnavailable: S3 could not be reached.
        """
        if "items" in batch:
            return batch["items"]
        ref = batch["ref"]
        self._check(ref["bucket"], ref["key"], tenant_id)
        part = ref.get("range")
        if part is None and ref["size"] > MOST_BATCH_BYTES:
            raise DataTooLarge(
                f"{batch['count']:,} items are {size_text(ref['size'])} of JSON; at most "
                f"{size_text(MOST_BATCH_BYTES)} are read at once.",
                "Give so many items to a node that takes them one after another (Convert to file, all in one file), "
                "or read the source in parts.",
            )
        try:
            if part is None:
                content = self._storage().get(ref["bucket"], ref["key"])
            else:
                content = self._storage().get(ref["bucket"], ref["key"], (part[0], part[1]))
        except AwsError as error:
            raise _storage_error(error) from error
        whole = len(content) == part[1] if part else hashlib.sha256(content).hexdigest() == ref["sha256"]
        if not whole:
            raise DataMissing("Stored items were changed after they were written.", "Run the workflow again.")
        items: list[Item] = json.loads(content)
        return items

    def check_there(self, batch: Batch, tenant_id: str) -> None:
        """Look whether a batch's items can be fetched, without fetching them. Raises as `fetch`."""
        if "items" in batch:
            return
        ref = batch["ref"]
        self._check(ref["bucket"], ref["key"], tenant_id)
        try:
            self._storage().get(ref["bucket"], ref["key"], (0, 1))
        except AwsError as error:
            raise _storage_error(error) from error

    def store_file(
        self, key: str, file: IO[bytes], *, size: int, sha256: str, mime_type: str, file_name: str = ""
    ) -> BinaryRef:
        """Store a file's bytes from where it stands and return the reference to them.

        Raises:
            StorageUnavailable: S3 could not be reached.
        """
        try:
            self._storage().put_file(self._bucket, key, file, size=size, sha256=sha256, content_type=mime_type)
        except AwsError as error:
            raise _storage_error(error) from error
        ref: BinaryRef = {
            "bucket": self._bucket,
            "key": key,
            "size": size,
            "sha256": sha256,
            "mimeType": mime_type,
        }
        if file_name:
            ref["fileName"] = file_name
        return ref

    def upload(self, key: str, mime_type: str) -> Upload:
        """Return an object to write to, which is stored when it is closed."""
        return Upload(self._storage(), self._bucket, key, mime_type, _storage_error)

    def fetch_file(self, ref: BinaryRef, tenant_id: str, file: IO[bytes]) -> None:
        """Write what a reference names to an empty `file`.

        Raises:
            DataMissing: it is gone, or another tenant's.
            StorageUnavailable: S3 could not be reached.
        """
        self._check(ref["bucket"], ref["key"], tenant_id)
        try:
            self._storage().get_file(ref["bucket"], ref["key"], file)
        except AwsError as error:
            raise _storage_error(error) from error

    def fetch_part(self, ref: BinaryRef | StoredItems, tenant_id: str, offset: int, length: int) -> bytes:
        """Return some bytes of a stored file: fewer where it ends before.

        Raises:
            DataMissing: it is gone, shorter, or another tenant's.
            StorageUnavailable: S3 could not be reached.
        """
        self.check_own(ref, tenant_id)
        try:
            return self._storage().get(ref["bucket"], ref["key"], (offset, length))
        except AwsError as error:
            raise _storage_error(error) from error

    def check_own(self, ref: Mapping[str, Any], tenant_id: str) -> None:
        """Do nothing where a reference is to this tenant's data. Raises DataMissing."""
        self._check(ref.get("bucket"), ref.get("key"), tenant_id)

    def _check(self, bucket: Any, key: Any, tenant_id: str) -> None:
        # References travel in items, and code may write what it likes into an item.
        if bucket != self._bucket or not isinstance(key, str) or not key.startswith(f"{tenant_id}/"):
            raise DataMissing(
                "A reference to stored data does not belong to this workspace.",
                "Use references as nodes gave them out; do not make or copy them.",
            )


def _storage_error(error: AwsError) -> NodeError:
    if error.code in ("NoSuchKey", "Http404", "InvalidRange"):  # of a reference that says more than there is
        return DataMissing("Stored data is no longer there.", "Stored data is kept for a while only; run it again.")
    return StorageUnavailable(
        f"Stored data could not be reached ({error.code}).",
        "Try again; if it stays so, the platform's operator must look at the data bucket.",
    )
