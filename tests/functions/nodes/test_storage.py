"""Files that a workspace keeps, on a real Postgres."""

import hashlib
import io
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from functions.nodes.files.storage.run import run
from functions.nodes.files.storage.spec import SPEC
from stepweave.model.items import Item
from stepweave.runtime.errors import NodeError
from stepweave_data.store import files
from tests.fakes.steps import Bench
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant
from tests.functions.system.stored import Stage


@pytest.fixture
def stages(databases: Databases, tenants: tuple[Tenant, Tenant]) -> Iterator[tuple[Stage, Stage]]:
    made = Stage(databases, tenants[0]), Stage(databases, tenants[1])
    yield made
    for stage in made:
        stage.outside.link.close()


@pytest.fixture
def stage(stages: tuple[Stage, Stage]) -> Stage:
    return stages[0]


def done(stage: Stage, operation: str, given: list[Item] | None = None, **params: Any) -> list[Item]:
    bench, context = stage.bench(SPEC, run), stage.context(str(uuid.uuid4()))
    output = bench({"operation": operation, **params}, given or [{"json": {"n": 1}}], context=context)["output"]
    return bench.outside.claims.fetch(output["main"], context["tenantId"]) if "main" in output else []


def with_file(stage: Stage, content: bytes, name: str = "a.txt") -> list[Item]:
    claims = stage.bench(SPEC, run).outside.claims
    sha256, tenant = hashlib.sha256(content).hexdigest(), stage.context(str(uuid.uuid4()))["tenantId"]
    ref = claims.store_file(
        f"{tenant}/e/n/{sha256[:8]}",
        io.BytesIO(content),
        size=len(content),
        sha256=sha256,
        mime_type="text/plain",
        file_name=name,
    )
    return [{"json": {"n": 1}, "binary": {"data": ref}}]


def content_of(bench: Bench, one: Item) -> bytes:
    ref = one["binary"]["data"]
    return bench.outside.storage.objects[ref["bucket"], ref["key"]]


def refused(stage: Stage, operation: str, given: list[Item] | None = None, **params: Any) -> str:
    with pytest.raises(NodeError) as caught:
        done(stage, operation, given, **params)
    assert caught.value.remedy
    return type(caught.value).__name__


def test_a_file_is_written_read_listed_and_deleted(stage: Stage) -> None:
    given = with_file(stage, b"hello")
    [written] = done(stage, "write", given, path="/reports//x.txt")
    assert {**written["json"], "expiresAt": ""} == {
        "n": 1,
        "path": "reports/x.txt",
        "size": 5,
        "stored": True,
        "expiresAt": "",
    }
    assert set(written["binary"]) == {"data"}
    done(stage, "write", given, path="reports/")
    bench = stage.bench(SPEC, run)
    [read] = done(stage, "read", path="reports/x.txt")
    assert content_of(bench, read) == b"hello"
    assert read["binary"]["data"]["key"] != given[0]["binary"]["data"]["key"]
    assert (read["json"]["fileName"], read["binary"]["data"]["mimeType"]) == ("x.txt", "text/plain")
    assert [one["json"]["path"] for one in done(stage, "list", prefix="reports/")] == ["reports/a.txt", "reports/x.txt"]
    assert [one["json"]["path"] for one in done(stage, "list", limit=1)] == ["reports/a.txt"]
    assert done(stage, "list", prefix="other") == []
    assert done(stage, "delete", path="reports/x.txt")[0]["json"]["deleted"] is True
    assert refused(stage, "read", path="reports/x.txt") == "KeptFileNotFound"
    assert refused(stage, "delete", path="reports/x.txt") == "KeptFileNotFound"
    assert done(stage, "read", path="reports/x.txt", missing="skip")[0]["json"]["found"] is False


def test_what_is_there_is_replaced_kept_or_refused(stage: Stage) -> None:
    done(stage, "write", with_file(stage, b"one"), path="a")
    assert done(stage, "write", with_file(stage, b"two!"), path="a")[0]["json"]["size"] == 4
    assert done(stage, "write", with_file(stage, b"three"), path="a", exists="keep")[0]["json"]["stored"] is False
    assert refused(stage, "write", with_file(stage, b"three"), path="a", exists="fail") == "KeptFileExists"
    assert content_of(stage.bench(SPEC, run), done(stage, "read", path="a")[0]) == b"two!"
    assert done(stage, "write", with_file(stage, b"x"), path="b", exists="fail")[0]["json"]["stored"] is True


def test_a_workspace_has_its_own_files(stages: tuple[Stage, Stage]) -> None:
    one, two = stages
    done(one, "write", with_file(one, b"mine"), path="a")
    assert done(two, "list") == []
    assert refused(two, "read", path="a") == "KeptFileNotFound"
    key = done(one, "read", path="a")[0]["binary"]["data"]["key"]
    theirs = {"key": key, "size": 4, "sha256": "", "mimeType": ""}
    with pytest.raises(NodeError, match="no file of the workspace"):
        two.store.do({"do": "putFile", "path": "stolen", "file": theirs})


def test_a_file_is_shared_until_its_links_are_ended(
    stages: tuple[Stage, Stage], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEPWEAVE_PUBLIC_URL", "https://stepweave.example/")
    stage, stranger = stages
    done(stage, "write", with_file(stage, b"x"), path="reports/jän 1.pdf")
    [one] = done(stage, "share", path="reports/jän 1.pdf", hours=1)
    [two] = done(stage, "share", path="/reports/jän 1.pdf")
    start = "https://stepweave.example/api/shared/"
    for url in (one["json"]["url"], two["json"]["url"]):
        token, _, name = url.removeprefix(start).partition("/")
        assert (len(token), name) == (32, "j%C3%A4n%201.pdf")
    assert one["json"]["url"] != two["json"]["url"]
    assert one["json"]["expiresAt"] < two["json"]["expiresAt"]
    assert done(stranger, "unshare", path="reports/jän 1.pdf")[0]["json"]["ended"] == 0
    assert refused(stranger, "share", path="reports/jän 1.pdf") == "KeptFileNotFound"
    assert done(stage, "unshare", path="reports/jän 1.pdf")[0]["json"]["ended"] == 2
    assert done(stage, "share", path="none", missing="skip")[0]["json"] == {"n": 1, "path": "none", "found": False}
    monkeypatch.setattr(files, "MOST_LINKS", 0)
    assert refused(stage, "share", path="reports/jän 1.pdf") == "StoreFull"


def test_a_link_lasts_no_longer_than_its_file(stage: Stage) -> None:
    [written] = done(stage, "write", with_file(stage, b"x"), path="a")
    [shared] = done(stage, "share", path="a", hours=2136)
    assert shared["json"]["expiresAt"] <= written["json"]["expiresAt"]


def test_there_is_a_limit_to_all_files(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 10)
    done(stage, "write", with_file(stage, b"12345678"), path="a")
    assert refused(stage, "write", with_file(stage, b"123"), path="b") == "StoreFull"
    done(stage, "write", with_file(stage, b"1234567890"), path="a")  # in its own place
    monkeypatch.setattr(files, "MOST_FILES", 1)
    monkeypatch.setattr(files, "MOST_BYTES", 1000)
    assert refused(stage, "write", with_file(stage, b"1"), path="b") == "StoreFull"


def test_a_file_past_its_time_is_absent(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "DAYS", 0)
    done(stage, "write", with_file(stage, b"x"), path="a")
    assert refused(stage, "read", path="a") == "KeptFileNotFound"
    assert done(stage, "list") == []


@pytest.mark.parametrize("path", ["", "/", "../a", "a/./b", "a\nb", "x" * 501, "a\x00"])
def test_paths_that_are_none_are_refused(stage: Stage, path: str) -> None:
    assert refused(stage, "read", path=path) in ("StoreKeyInvalid", "ParameterInvalid")
