"""Does something with objects of S3 for each item."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from functions.nodes.apps.aws.nodes.s3.deleting import delete
from functions.nodes.apps.aws.nodes.s3.spec import Params
from functions.nodes.apps.aws.nodes.s3.transfers import copy, put_file
from functions.nodes.apps.aws.results import plain, stored, time_text
from functions.nodes.apps.aws.service import Service, Services
from stepweave.model.items import Item, item
from stepweave.runtime import Entry, Step
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.item_files import file_of

_CHUNK: Final = 256 * 1024
_DELETES: Final = 1000


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return what came of it, in the order of the input items."""
    services = Services(step, "s3")
    if step.constant("operation") == "delete":
        return step.each_together(lambda entries: delete(services, entries), most=_DELETES)

    def done(entry: Entry[Params]) -> list[Item]:
        params = entry.params
        if params.operation != "list" and not params.key:
            words = "The key is empty."
            raise ParameterInvalid(words, "Write the object's whole name.", details={"field": "params.key"})
        return list(_OPERATIONS[params.operation](step, services.of(params.region), entry))

    return step.each(done)


def _list(step: Step[Params], s3: Service, entry: Entry[Params]) -> Iterator[Item]:
    params, count = entry.params, 0
    request = {
        "Bucket": params.bucket,
        "Prefix": params.prefix or None,
        "Delimiter": "/" if params.folders else None,
        "MaxKeys": min(params.limit, 1000),
    }
    for page in s3.pages("ListObjectsV2", f"the bucket {params.bucket}", field="params.bucket", **request):
        folders = [{"key": one["Prefix"], "isFolder": True} for one in page.get("CommonPrefixes", [])]
        for found in (*folders, *map(_listed, page.get("Contents", []))):
            if count == params.limit:
                return
            count += 1
            yield item(found)


def _listed(found: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": found["Key"],
        "size": found.get("Size", 0),
        "etag": _etag(found),
        "modifiedAt": plain(found.get("LastModified")),
        "storageClass": found.get("StorageClass", "STANDARD"),
    }


def _get(step: Step[Params], s3: Service, entry: Entry[Params]) -> Iterator[Item]:
    params = entry.params
    request = {"Bucket": params.bucket, "Key": params.key, "VersionId": params.version or None}
    answer = s3.call("GetObject", _about(params.bucket, params.key), field="params.key", **request)
    mime_type = answer.get("ContentType") or "application/octet-stream"
    name = params.key.rstrip("/").rpartition("/")[2]
    told, ref = stored(step, answer["Body"].iter_chunks(_CHUNK), mime_type, name)
    made = item(
        {
            "bucket": params.bucket,
            "key": params.key,
            "size": told["size"],
            "etag": _etag(answer),
            "contentType": mime_type,
            "modifiedAt": plain(answer.get("LastModified")),
            "version": answer.get("VersionId"),
            "metadata": dict(answer.get("Metadata") or {}),
        }
    )
    made["binary"] = {"data": ref}
    yield made


def _put(step: Step[Params], s3: Service, entry: Entry[Params]) -> Iterator[Item]:
    params, about = entry.params, _about(entry.params.bucket, entry.params.key)
    request: dict[str, Any] = {
        "Bucket": params.bucket,
        "Key": params.key,
        "StorageClass": params.storage_class or None,
        "Metadata": {row.name: row.value for row in params.metadata} or None,
        "IfNoneMatch": "*" if params.if_absent else None,
    }
    if params.source == "text":
        is_text = isinstance(params.text, str)
        content = params.text if is_text else json.dumps(params.text, ensure_ascii=False)
        kind = params.content_type or ("text/plain; charset=utf-8" if is_text else "application/json")
        body = content.encode("utf-8", "replace")
        answer = s3.call("PutObject", about, field="params.key", Body=body, ContentType=kind, **request)
    else:
        file = file_of(params.file, entry.item, step.open_file, "File", "params.file")
        kind = params.content_type or file.mime_type or "application/octet-stream"
        answer = put_file(s3, file, about, {**request, "ContentType": kind})
    yield _written(params.bucket, params.key, answer)


def _copy(step: Step[Params], s3: Service, entry: Entry[Params]) -> Iterator[Item]:
    params = entry.params
    if not params.to_key:
        raise ParameterInvalid("The key to copy to is empty.", "Write it.", details={"field": "params.toKey"})
    bucket, about = params.to_bucket or params.bucket, _about(params.bucket, params.key)
    source = {"Bucket": params.bucket, "Key": params.key}
    source |= {"VersionId": params.version} if params.version else {}
    size = s3.call("HeadObject", about, field="params.key", **source).get("ContentLength", 0)
    request = {"Bucket": bucket, "Key": params.to_key, "StorageClass": params.storage_class or None}
    answer = copy(s3, source, size, f"{about} to {bucket}/{params.to_key}", request)
    yield _written(bucket, params.to_key, answer)


def _link(step: Step[Params], s3: Service, entry: Entry[Params]) -> Iterator[Item]:
    params = entry.params
    seconds = round(params.minutes * 60)
    url = s3.client.generate_presigned_url(
        f"{params.link_for}_object", Params={"Bucket": params.bucket, "Key": params.key}, ExpiresIn=max(seconds, 1)
    )
    ends = datetime.now(UTC) + timedelta(seconds=seconds)
    yield item({"bucket": params.bucket, "key": params.key, "url": url, "expiresAt": time_text(ends)})


_OPERATIONS: Final[dict[str, Callable[[Step[Params], Service, Entry[Params]], Iterator[Item]]]] = {
    "list": _list,
    "get": _get,
    "put": _put,
    "copy": _copy,
    "link": _link,
}


def _written(bucket: str, key: str, answer: dict[str, Any]) -> Item:
    return item({"bucket": bucket, "key": key, "etag": _etag(answer), "version": answer.get("VersionId")})


def _etag(found: dict[str, Any]) -> str:
    return str(found.get("ETag") or "").strip('"')


def _about(bucket: str, key: str) -> str:
    return f"the object {bucket}/{key}"
