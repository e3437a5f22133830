"""The Google Drive node and its trigger against a Drive that follows its discovery document."""

import hashlib
import io
from collections.abc import Iterator
from typing import Any

import pytest

from functions.nodes.apps.google.nodes.drive.run import run
from functions.nodes.apps.google.nodes.drive.spec import SPEC
from functions.nodes.apps.google.triggers.drive_files.spec import SPEC as TRIGGER
from functions.nodes.apps.google.triggers.drive_files.trigger import poll
from stepweave.model.items import Item
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.http.options import app_options
from stepweave.runtime.http_errors import HttpClientError, HttpRateLimited
from stepweave.runtime.network import ConnectionFailed
from tests.fakes.asks import AskBench
from tests.fakes.google.drive import OWN, Drive
from tests.fakes.google.server import Google, Refused
from tests.fakes.steps import TENANT, Bench, items
from tests.fakes.web import Web
from tests.functions.nodes.google import bench, connected, doing, google_at

ONE = items({})


@pytest.fixture
def google(web: Web, monkeypatch: pytest.MonkeyPatch) -> Iterator[Google]:
    with google_at(web, monkeypatch) as made:
        yield made


@pytest.fixture
def drive(google: Google) -> Drive:
    return Drive(google)


@pytest.fixture
def node(google: Google) -> Bench:
    return bench(SPEC, run)


def file(operation: str, **more: Any) -> dict[str, Any]:
    return doing("file", operation, **more)


def with_file(node: Bench, content: bytes, name: str = "Übersicht.pdf") -> list[Item]:
    digest = hashlib.sha256(content).hexdigest()
    told: dict[str, Any] = {"size": len(content), "sha256": digest, "mime_type": "application/pdf", "file_name": name}
    ref = node.outside.claims.store_file(f"{TENANT}/f", io.BytesIO(content), **told)
    return [{"json": {}, "binary": {"data": ref}}]


def content_of(node: Bench, given: dict[str, Any]) -> tuple[dict[str, Any], bytes, dict[str, Any]]:
    output = node(given, ONE)["output"]["main"]
    [item] = node.outside.claims.fetch(output, TENANT)
    ref = item["binary"]["data"]
    return item["json"], node.outside.storage.objects[ref["bucket"], ref["key"]], dict(ref)


# Uploading


def test_a_file_is_uploaded_piece_by_piece_to_where_drive_says(drive: Drive, node: Bench, web: Web) -> None:
    content = bytes(range(256)) * 20_000
    folder = "https://drive.google.com/drive/u/0/folders/f9?usp=sharing"
    [made] = node.json(file("upload", fileUploadFolder=folder), with_file(node, content))
    assert (made["name"], made["parents"], made["size"]) == ("Übersicht.pdf", ["f9"], str(len(content)))
    assert drive.files[made["id"]].content == content
    start, sent = web.asked
    assert ("authorization" in start.headers, "authorization" in sent.headers) == (True, False)


def test_an_upload_whose_answer_is_lost_is_found_again_and_not_made_twice(drive: Drive, node: Bench) -> None:
    drive.google.lost["upload"] = 2  # the client sends a PUT once more
    given = with_file(node, b"x")
    with pytest.raises(ConnectionFailed):
        node(file("upload"), given)
    [made] = node.json(file("upload"), given, attempt=2)
    assert (made["name"], len(drive.files)) == ("Übersicht.pdf", 1)
    node.json(file("upload"), given)
    assert len(drive.files) == 2, "another execution's file is another"


def test_a_file_of_the_name_gets_the_content_where_that_is_chosen(drive: Drive, node: Bench) -> None:
    id = drive.has("Bob's \\ file.txt", b"old")
    given = file("upload", fileUploadName="Bob's \\ file.txt", fileUploadIfThere="replace")
    assert [node.json(given, with_file(node, text))[0]["id"] for text in (b"new", b"newer")] == [id, id]
    assert (drive.files[id].content, len(drive.files)) == (b"newer", 1)


def test_a_file_is_made_of_a_text(drive: Drive, node: Bench) -> None:
    given = file("create_text", fileCreateTextName="Grüße.md", fileCreateTextContent="# Ä")
    node(given, ONE)
    node(given | {"fileCreateTextConvert": "document"}, ONE)
    plain, document = drive.named("Grüße.md")
    assert (plain.content.decode(), plain.told["mimeType"]) == ("# Ä", "text/markdown")
    assert document.told["mimeType"] == f"{OWN}document"


def test_a_file_that_the_item_does_not_have_is_named(drive: Drive, node: Bench) -> None:
    with pytest.raises(ParameterInvalid, match="the item has no file “data”"):
        node(file("upload"), ONE)


# Downloading


def test_a_file_is_downloaded_with_its_name(drive: Drive, node: Bench) -> None:
    id = drive.has("Report.csv", b"1,2", driveId="0AB")
    told, content, ref = content_of(node, file("download", file=f"https://drive.google.com/file/d/{id}/view"))
    assert (told["name"], content, ref["fileName"]) == ("Report.csv", b"1,2", "Report.csv")
    shortcut = drive.has("Short", mimeType=f"{OWN}shortcut", shortcutDetails={"targetId": id})
    assert content_of(node, file("download", file=shortcut))[1] == b"1,2"


@pytest.mark.parametrize(
    ("kind", "form", "mime_type", "ending"),
    [
        ("document", "office", "openxmlformats-officedocument.wordprocessingml.document", "docx"),
        ("document", "markdown", "text/markdown", "md"),
        ("spreadsheet", "office", "spreadsheetml.sheet", "xlsx"),
        ("spreadsheet", "text", "text/csv", "csv"),
        ("spreadsheet", "markdown", "spreadsheetml.sheet", "xlsx"),
        ("presentation", "pdf", "application/pdf", "pdf"),
        ("drawing", "office", "image/png", "png"),
    ],
)
def test_a_file_of_googles_own_is_exported(
    drive: Drive, node: Bench, kind: str, form: str, mime_type: str, ending: str
) -> None:
    id = drive.has("Plan 1.5", b"text", mimeType=OWN + kind)
    told, content, ref = content_of(node, file("download", file=id, fileDownloadExportAs=form))
    assert mime_type in content.decode()
    assert (told["fileName"], ref["fileName"]) == (f"Plan 1.5.{ending}", f"Plan 1.5.{ending}")


def test_what_has_no_content_is_not_downloaded(drive: Drive, node: Bench) -> None:
    folder, form = drive.has("Box", mimeType=f"{OWN}folder"), drive.has("Form", mimeType=f"{OWN}form")
    with pytest.raises(ParameterInvalid, match="“Box” is a folder"):
        node(file("download", file=folder), ONE)
    with pytest.raises(ParameterInvalid, match=r"of the type application/vnd.google-apps.form"):
        node(file("download", file=form), ONE)
    large = drive.has("Large", b"x" * 10_000_001, mimeType=f"{OWN}document")
    with pytest.raises(HttpClientError, match="too large to be exported"):
        node(file("download", file=large), ONE)


# Finding and organising


def test_files_are_listed_through_all_pages_and_searched(drive: Drive, node: Bench) -> None:
    for n in range(5):
        drive.has(f"It's {n}.txt", parents=["f9"] if n % 2 else ["root"])
    drive.has("It's a folder", mimeType=f"{OWN}folder")
    found = node.json(file("list", fileListName="it's", returnAll=True, fileListKind="files"), ONE)
    assert [one["name"] for one in found] == [f"It's {n}.txt" for n in (4, 3, 2, 1, 0)]
    assert len(node.json(file("list", fileListFolder="f9"), ONE)) == 2
    assert len(node.json(file("list", fileListKind="folders", limit=1), ONE)) == 1
    with pytest.raises(HttpClientError, match="Invalid Value"):
        node(file("list", fileListSearch="colour = 'red'"), ONE)


def test_files_are_copied_moved_renamed_and_deleted(drive: Drive, node: Bench) -> None:
    id = drive.has("A", parents=["root", "old"])
    [copy] = node.json(file("copy", file=id, fileCopyName="B", fileCopyFolder="f9"), ONE)
    assert (copy["name"], copy["parents"]) == ("B", ["f9"])
    assert node.json(file("move", file=id, fileMoveFolder="f9"), ONE)[0]["parents"] == ["f9"]
    assert node.json(file("move", file=id, fileMoveFolder="f9"), ONE)[0]["parents"] == ["f9"]
    [told] = node.json(file("update", file=id, fileUpdateName="C", fileUpdateStar="yes"), ONE)
    assert (told["name"], told["starred"]) == ("C", True)
    assert node.json(file("delete", file=id), ONE)[0]["trashed"] is True
    assert node.json(file("delete", file=id, fileDeleteForEver=True), ONE) == [{"id": id, "deleted": True}]
    with pytest.raises(HttpClientError, match=r"File: Get: .*File not found") as missing:
        node(file("get", file=id), ONE)
    assert "share it with the account" in missing.value.remedy


def test_a_folder_is_made_or_one_of_its_name_taken(drive: Drive, node: Bench) -> None:
    given = doing("folder", "create", folderCreateName="Reports")
    ids = {node.json(given | {"folderCreateReuse": True}, ONE)[0]["id"] for _ in range(2)}
    assert len(ids) == 1
    node(given, ONE)
    assert len(drive.named("Reports")) == 2


def test_a_file_is_shared(drive: Drive, node: Bench) -> None:
    id = drive.has("A")
    given = file("share", file=id, fileShareAddress="ada@example.com", fileShareRole="writer")
    assert node.json(given, ONE)[0]["permission"]["role"] == "writer"
    node(file("share", file=id, fileShareKind="anyone"), ONE)
    ada, anyone = drive.files[id].permissions
    assert (ada["notified"], anyone) == (False, {"role": "reader", "type": "anyone", "notified": True})


def test_a_rate_limit_of_drives_is_one(drive: Drive, node: Bench) -> None:
    drive.google.fails["drive.files.get"] = [Refused(403, "Rate Limit Exceeded", "rateLimitExceeded")]
    with pytest.raises(HttpRateLimited, match="Rate Limit Exceeded"):
        node(file("get", file="f1"), ONE)
    drive.google.fails["drive.files.create"] = [Refused(403, "Quota has been exceeded", "storageQuotaExceeded")]
    with pytest.raises(HttpClientError) as full:
        node(file("upload"), with_file(node, b"x"))
    assert "shared drive" in full.value.remedy
    with pytest.raises(ParameterInvalid, match="neither the ID nor the address"):
        node(file("get", file="My report.pdf"), ONE)


def test_folders_are_there_to_choose_from(drive: Drive) -> None:
    drive.has("Box", mimeType=f"{OWN}folder", owners=[{"emailAddress": "ada@example.com"}])
    ask = AskBench(SPEC, {"options": lambda asked: app_options(SPEC.app, asked) if SPEC.app else None})
    connected(ask.outside)
    found = ask("options", {"credential": "c"}, loader="folders", search="", page="")
    assert found["options"] == [{"value": "f0", "label": "Box", "detail": "ada@example.com"}]


# The trigger


@pytest.fixture
def trigger(google: Google) -> AskBench:
    made = AskBench(TRIGGER, {"poll": poll})
    connected(made.outside)
    return made


def polled(trigger: AskBench, cursor: Any, event: str = "created", **more: Any) -> Any:
    given = {"cursor": cursor, "first": False, "limit": 10, **more}
    return trigger("poll", {"credential": "c", "folder": "f0", "event": event}, **given)


def test_each_file_that_comes_into_the_folder_counts_once_whatever_its_date(drive: Drive, trigger: AskBench) -> None:
    folder = drive.has("Box", mimeType=f"{OWN}folder")
    drive.has("Old", parents=[folder])
    elsewhere = drive.has("Moved in")
    first = polled(trigger, None, first=True, limit=0)
    old = {"createdTime": "2019-01-01T00:00:00.000Z", "modifiedTime": "2019-01-01T00:00:00.000Z"}
    drive.files[drive.has("From a disk", parents=[folder])].told |= old
    drive.files[elsewhere].told["parents"] = [folder]
    drive.has("Sub", mimeType=f"{OWN}folder", parents=[folder])
    found = polled(trigger, first["cursor"])
    assert (first["items"], sorted(one["name"] for one in found["items"])) == ([], ["From a disk", "Moved in"])
    drive.put(elsewhere, b"changed")
    assert polled(trigger, found["cursor"])["items"] == []


def test_a_change_of_content_counts_where_that_is_chosen(drive: Drive, trigger: AskBench) -> None:
    folder = drive.has("Box", mimeType=f"{OWN}folder")
    ids = [drive.has("A", b"1", parents=[folder]), drive.has("B", mimeType=f"{OWN}document", parents=[folder])]
    cursor = polled(trigger, None, "changed", first=True, limit=0)["cursor"]
    drive.files[ids[0]].told["name"] = "Renamed"
    assert polled(trigger, cursor, "changed")["items"] == []
    for id in ids:
        drive.put(id, b"2")
    found = polled(trigger, cursor, "changed")
    assert [one["id"] for one in found["items"]] == ids
    assert polled(trigger, found["cursor"], "changed")["items"] == []


def test_a_folder_that_is_not_there_is_said_when_publishing(drive: Drive, trigger: AskBench) -> None:
    given = {"cursor": None, "first": True, "limit": 0}
    assert "File not found: f0" in trigger.error("poll", {"credential": "c", "folder": "f0"}, **given)["message"]
