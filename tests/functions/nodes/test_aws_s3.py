"""Objects of S3, against moto's."""

import hashlib
import hmac
import re
import urllib.parse
import urllib.request
import uuid
from typing import Any

import pytest

from functions.nodes.apps.aws.nodes.s3 import transfers
from functions.nodes.apps.aws.nodes.s3.run import run
from functions.nodes.apps.aws.nodes.s3.spec import SPEC
from stepweave.model.items import Item
from tests.fakes.steps import TENANT, Bench, items
from tests.fakes.web import Web
from tests.fixtures.moto_server import Boto
from tests.functions.nodes.aws import KEYS, acting, failure


@pytest.fixture
def bench(moto_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Bench:
    return acting(SPEC, run, moto_endpoint, monkeypatch)


@pytest.fixture
def bucket(boto: Boto) -> str:
    name = f"b-{uuid.uuid4().hex}"
    boto("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    return name


def do(bench: Bench, operation: str, bucket: str, inputs: list[Item] | None = None, **params: Any) -> list[Any]:
    whole = {"credential": "c", "operation": operation, "bucket": bucket, **params}
    output = bench(whole, items({}) if inputs is None else inputs)["output"]
    return bench.outside.claims.fetch(output["main"], TENANT) if "main" in output else []


@pytest.mark.parametrize("key", ["a.txt", "a/b c/ü+%2F?#&=.txt", "/lead//twice/", "a/../b", "ends./."])
def test_what_is_put_is_there_whatever_the_key(bench: Bench, bucket: str, boto: Boto, key: str) -> None:
    [made] = do(bench, "put", bucket, key=key, source="text", text="grüße")
    assert made["json"]["key"] == key
    assert [one["Key"] for one in boto("s3").list_objects_v2(Bucket=bucket)["Contents"]] == [key]
    [got] = do(bench, "get", bucket, key=key)
    assert (got["json"]["size"], got["json"]["contentType"]) == (7, "text/plain; charset=utf-8")
    [copied] = do(bench, "copy", bucket, key=key, toKey="copy")
    assert copied["json"]["etag"] == made["json"]["etag"]
    assert [one["json"]["deleted"] for one in do(bench, "delete", bucket, key=key)] == [True]


def test_json_is_written_as_json_with_metadata_and_class(bench: Bench, bucket: str, boto: Boto) -> None:
    put = {"source": "text", "text": "{{ $json }}", "metadata": [{"name": "order", "value": 7}]}
    do(bench, "put", bucket, items({"n": 1, "ü": None}), key="x", storageClass="STANDARD_IA", **put)
    there = boto("s3").get_object(Bucket=bucket, Key="x")
    assert (there["Body"].read(), there["ContentType"]) == ('{"n": 1, "ü": null}'.encode(), "application/json")
    assert (there["Metadata"], there["StorageClass"]) == ({"order": "7"}, "STANDARD_IA")
    [got] = do(bench, "get", bucket, key="x")
    assert got["json"]["metadata"] == {"order": "7"}


def test_files_go_in_parts_and_come_back_whole(
    bench: Bench, bucket: str, boto: Boto, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = bytes(range(256)) * 24 * 1024  # 6 MB: parts of S3 have 5 MB at least, but the last
    boto("s3").put_object(Bucket=bucket, Key="in/x.bin", Body=content, ContentType="image/png")
    [got] = do(bench, "get", bucket, key="in/x.bin")
    assert (got["binary"]["data"]["fileName"], got["binary"]["data"]["mimeType"]) == ("x.bin", "image/png")
    monkeypatch.setattr(transfers, "ONE_CALL", 1024)
    monkeypatch.setattr(transfers, "PART", 5 * 1024 * 1024)
    [made] = do(bench, "put", bucket, [got], key="out")
    assert made["json"]["etag"].endswith("-2")
    there = boto("s3").get_object(Bucket=bucket, Key="out")
    assert (there["Body"].read() == content, there["ContentType"]) == (True, "image/png")
    monkeypatch.setattr(transfers, "MOST_COPY", 1024)
    monkeypatch.setattr(transfers, "COPY_PART", 5 * 1024 * 1024)
    do(bench, "copy", bucket, key="out", toKey="copied")
    there = boto("s3").get_object(Bucket=bucket, Key="copied")
    assert (there["Body"].read() == content, there["ContentType"]) == (True, "image/png")


def test_parts_of_a_file_that_is_gone_are_taken_away(
    bench: Bench, bucket: str, boto: Boto, monkeypatch: pytest.MonkeyPatch
) -> None:
    boto("s3").put_object(Bucket=bucket, Key="x", Body=b"y" * 4096)
    [got] = do(bench, "get", bucket, key="x")
    bench.outside.storage.objects.clear()
    monkeypatch.setattr(transfers, "ONE_CALL", 1024)
    told = failure(bench, {"credential": "c", "operation": "put", "bucket": bucket, "key": "out"}, [got])
    assert told["type"] == "DataMissing"
    assert boto("s3").list_multipart_uploads(Bucket=bucket).get("Uploads", []) == []


def test_lists_go_through_all_pages_and_show_folders(bench: Bench, bucket: str, boto: Boto) -> None:
    for number in range(5):
        boto("s3").put_object(Bucket=bucket, Key=f"a/{number}", Body=b"x")
    boto("s3").put_object(Bucket=bucket, Key="b c", Body=b"x")
    assert [one["json"]["key"] for one in do(bench, "list", bucket)][-1] == "b c"
    assert len(do(bench, "list", bucket, prefix="a/", limit=3)) == 3
    shown = [one["json"] for one in do(bench, "list", bucket, folders=True)]
    assert shown[0] == {"key": "a/", "isFolder": True}
    assert [one["key"] for one in shown] == ["a/", "b c"]
    assert do(bench, "list", bucket, prefix="none") == []


def test_many_are_deleted_in_one_call_and_each_hears_of_its_own(web: Web) -> None:
    bench = Bench(SPEC, run)
    bench.outside.credentials["c", "aws"] = {**KEYS, "endpoint": web.url("")}
    denied = "<Error><Key>b</Key><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
    web.otherwise = lambda it: it.answer(200, f"<DeleteResult>{denied}</DeleteResult>".encode())
    keys = [{"k": "a"}, {"k": "b"}, {"k": ""}, {"k": "c"}]
    params = {"credential": "c", "operation": "delete", "bucket": "x", "key": "{{ $json.k }}"}
    output = bench(params, items(*keys), settings={"onError": "continue"})["output"]["main"]
    found = [one.get("json") for one in bench.outside.claims.fetch(output, TENANT)]
    assert [one.get("deleted") for one in found] == [True, None, None, True]
    assert [one.get("error", {}).get("type") for one in found] == [None, "AwsAccessDenied", "ParameterInvalid", None]
    assert len(web.asked) == 1


def test_a_link_works_until_it_ends_and_is_signed_in_the_new_way(bench: Bench, bucket: str, boto: Boto) -> None:
    boto("s3").put_object(Bucket=bucket, Key="ä b", Body=b"hello")
    [made] = do(bench, "link", bucket, key="ä b", minutes=5)
    assert "X-Amz-Signature=" in made["json"]["url"]
    assert "X-Amz-Expires=300" in made["json"]["url"]
    with urllib.request.urlopen(made["json"]["url"]) as answer:
        assert answer.read() == b"hello"


def test_what_is_not_there_or_there_already_is_told(bench: Bench, bucket: str, boto: Boto) -> None:
    base = {"credential": "c", "bucket": bucket, "key": "k"}
    for operation in ("get", "copy"):
        told = failure(bench, {**base, "operation": operation, "toKey": "x"})
        assert (told["type"], told["details"]["field"]) == ("AwsResourceMissing", "params.key"), operation
    told = failure(bench, {**base, "operation": "list", "bucket": "no-such-bucket-at-all"})
    assert (told["type"], told["details"]["code"]) == ("AwsResourceMissing", "NoSuchBucket")
    boto("s3").put_object(Bucket=bucket, Key="k", Body=b"x")
    put = {**base, "operation": "put", "source": "text", "text": "new", "ifAbsent": True}
    assert failure(bench, put)["details"]["code"] == "PreconditionFailed"
    assert failure(bench, {**base, "operation": "put"})["details"]["field"] == "params.file"
    assert failure(bench, {**base, "operation": "get", "key": ""})["details"]["field"] == "params.key"
    metadata = [{"name": "a", "value": "ü"}]
    told = failure(bench, {**put, "metadata": metadata})
    assert (told["type"], "Non ascii" in told["message"]) == ("ParameterInvalid", True)


@pytest.mark.parametrize("key", ["a=b/2026-07-23T19:30:45.513Z.csv", "()+&=:@,;!'*$[]|", "ü %2F%/~._-", "a//b"])
def test_what_is_signed_is_what_is_sent(web: Web, key: str) -> None:
    """S3 computes the signature of the path that it gets: as in n8n-io/n8n#34829 and #34694."""
    bench = Bench(SPEC, run)
    bench.outside.credentials["c", "aws"] = {**KEYS, "endpoint": web.url("")}
    web.otherwise = lambda it: it.answer(200, b"", etag='"x"')
    do(bench, "put", "bucket", key=key, source="text", text="hi")
    [asked] = web.asked
    strictly = urllib.parse.quote(key, safe="/~")
    assert asked.path == f"/bucket/{strictly}"
    scope, signed, signature = re.findall(
        r"(?:Credential|SignedHeaders|Signature)=([^,]+)", asked.headers["authorization"]
    )
    names = signed.split(";")
    lines = "".join(f"{name}:{asked.headers[name]}\n" for name in names)
    whole = f"PUT\n{asked.path}\n\n{lines}\n{signed}\n{asked.headers['x-amz-content-sha256']}"
    day = scope.split("/")[1]
    text = f"AWS4-HMAC-SHA256\n{asked.headers['x-amz-date']}\n{scope.partition('/')[2]}\n"
    made = f"AWS4{KEYS['secretAccessKey']}".encode()
    for part in (day, "eu-central-1", "s3", "aws4_request", text + hashlib.sha256(whole.encode()).hexdigest()):
        made = hmac.digest(made, part.encode(), "sha256")
    assert made.hex() == signature


def test_an_archived_object_is_no_missing_right(web: Web) -> None:
    bench = Bench(SPEC, run)
    bench.outside.credentials["c", "aws"] = {**KEYS, "endpoint": web.url("")}
    body = b"<Error><Code>InvalidObjectState</Code><Message>The operation is not valid</Message></Error>"
    web.otherwise = lambda it: it.answer(403, body)
    told = failure(bench, {"credential": "c", "operation": "get", "bucket": "x", "key": "k"})
    assert (told["type"], told["details"]["code"]) == ("AwsRefused", "InvalidObjectState")
