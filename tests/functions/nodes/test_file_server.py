"""Files on real servers: asyncssh's SFTP server, pyftpdlib with TLS and without."""

import functools
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from functions.nodes.files.file_server.ftp import _line
from functions.nodes.files.file_server.run import run
from functions.nodes.files.file_server.spec import SPEC
from functions.nodes.files.file_server.trying import try_out
from stepweave.runtime.errors import NodeError
from tests.fakes.certificates import made
from tests.fakes.item_files import content_of, stored
from tests.fakes.steps import Bench, items
from tests.fixtures.ftp_server import FtpServer, ftp_server
from tests.fixtures.ssh_server import ssh_server
from tests.functions.nodes.aws import Trigger

KINDS = ("sftp", "ftp", "ftps")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    whole, file = made("localhost"), tmp_path_factory.mktemp("tls") / "server.pem"
    file.write_text(whole.pem + whole.key(), encoding="ascii")
    return file


@pytest.fixture(scope="module")
def ftp(folder: Path) -> Iterator[FtpServer]:
    with ftp_server(folder) as server:
        yield server


@pytest.fixture(scope="module")
def accounts(folder: Path, certificate: Path, ftp: FtpServer) -> Iterator[dict[str, tuple[str, dict[str, Any]]]]:
    sftp = functools.partial(asyncssh.SFTPServer, chroot=str(folder).encode())
    with ssh_server(folder, sftp_factory=sftp) as ssh, ftp_server(folder, certificate) as ftps:
        yield {"sftp": ("ssh", ssh.account()), "ftp": ("ftp", ftp.account()), "ftps": ("ftp", ftps.account())}


@pytest.fixture(params=KINDS)
def bench(
    request: pytest.FixtureRequest, accounts: dict[str, Any], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Bench:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    for file in sorted(folder.rglob("*"), reverse=True):
        file.unlink() if file.is_file() else file.rmdir()
    (folder / "in").mkdir()
    (folder / "in" / "a b.csv").write_bytes(b"a,b\n1,2\n")
    (folder / "in" / "ü.txt").write_bytes(bytes(range(256)) * 5000)
    (folder / "in" / "deep").mkdir()
    (folder / "in" / "deep" / "c.csv").write_bytes(b"c")
    node = Bench(SPEC, run)
    type, account = accounts[request.param]
    node.outside.credentials["c", type] = account
    return node


def do(bench: Bench, operation: str, path: str, **params: Any) -> list[dict[str, Any]]:
    return bench.json({"credential": "c", "operation": operation, "path": path, **params}, items({"n": 1}))


def refused(bench: Bench, operation: str, path: str, **params: Any) -> str:
    with pytest.raises(NodeError) as caught:
        do(bench, operation, path, **params)
    assert caught.value.message.endswith(".")
    assert caught.value.remedy
    assert "hush" not in str(caught.value.to_json())
    return type(caught.value).__name__


def upload(bench: Bench, path: str, content: bytes, **params: Any) -> dict[str, Any]:
    given: Any = [{"json": {}, "binary": {"data": stored(bench, content, "new.csv")}}]
    return bench.json({"credential": "c", "operation": "upload", "path": path, **params}, given)[0]


def test_folders_are_listed(bench: Bench) -> None:
    found = do(bench, "list", "/in")
    assert [(one["name"], one["path"], one["type"], one["size"]) for one in found] == [
        ("a b.csv", "/in/a b.csv", "file", 8),
        ("deep", "/in/deep", "folder", None),
        ("ü.txt", "/in/ü.txt", "file", 1_280_000),
    ]
    assert found[0]["modified"].startswith("20")
    assert found[0]["modified"].endswith("Z")
    within = do(bench, "list", "in", recursive=True, only="*.csv")
    assert [one["path"] for one in within] == ["in/a b.csv", "in/deep/c.csv"]
    assert refused(bench, "list", "/nowhere") == "ServerFileNotFound"


def test_files_are_downloaded(bench: Bench) -> None:
    params = {"credential": "c", "operation": "download", "path": "/in/ü.txt"}
    [one] = bench(params, items({"n": 1}))["output"]["main"]["items"]
    assert content_of(bench, one["binary"]["data"]) == bytes(range(256)) * 5000
    assert one["json"] == {"n": 1, "path": "/in/ü.txt", "fileName": "ü.txt", "size": 1_280_000}
    assert refused(bench, "download", "/in/no.txt") == "ServerFileNotFound"
    assert refused(bench, "download", "/in/ü.txt", maxMb=1) == "DataTooLarge"


def test_files_are_uploaded_whole_or_not_at_all(bench: Bench, folder: Path) -> None:
    content = os.urandom(3_000_000)
    assert upload(bench, "/in/deep/", content)["path"] == "/in/deep/new.csv"
    assert (folder / "in/deep/new.csv").read_bytes() == content
    assert upload(bench, "/in/deep/new.csv", b"other")["size"] == 5
    assert (folder / "in/deep/new.csv").read_bytes() == b"other"
    with pytest.raises(NodeError, match="already"):
        upload(bench, "/in/deep/new.csv", b"third", exists="fail")
    upload(bench, "/x/y/z.bin", b"1", makeFolders=True)
    assert (folder / "x/y/z.bin").read_bytes() == b"1"
    with pytest.raises(NodeError) as caught:
        upload(bench, "/no/where/z.bin", b"1")
    assert type(caught.value).__name__ in ("ServerFileNotFound", "FileServerRefused")
    missing = stored(bench, b"1" * 100)
    bench.outside.storage.objects.clear()
    with pytest.raises(NodeError, match="no longer there"):
        bench(
            {"credential": "c", "operation": "upload", "path": "/in/gone"}, [{"json": {}, "binary": {"data": missing}}]
        )
    assert {one.name for one in folder.rglob("*") if one.is_file()} == {"a b.csv", "ü.txt", "c.csv", "new.csv", "z.bin"}


def test_files_are_renamed_and_deleted(bench: Bench, folder: Path) -> None:
    assert do(bench, "rename", "/in/a b.csv", to="/done/", makeFolders=True)[0]["path"] == "/done/a b.csv"
    assert (folder / "done" / "a b.csv").exists()
    do(bench, "rename", "/done/a b.csv", to="/in/ü.txt")
    assert (folder / "in" / "ü.txt").read_bytes() == b"a,b\n1,2\n"
    assert refused(bench, "rename", "/in/ü.txt", to="/in/deep/c.csv", exists="fail") == "ServerFileExists"
    assert refused(bench, "rename", "/in/no", to="/in/x") in ("ServerFileNotFound", "FileServerRefused")
    assert do(bench, "delete", "/in/ü.txt")[0]["deleted"] == 1
    assert refused(bench, "delete", "/in/ü.txt") == "ServerFileNotFound"
    assert refused(bench, "delete", "/in/deep") == "FileServerRefused"
    assert do(bench, "delete", "/in", wholeFolder=True)[0]["deleted"] == 3
    assert not (folder / "in").exists()
    assert refused(bench, "delete", "/") == "ParameterInvalid"


def test_folders_are_made(bench: Bench, folder: Path) -> None:
    do(bench, "makeFolder", "/new")
    do(bench, "makeFolder", "/new/a/b", makeFolders=True)
    do(bench, "makeFolder", "/new/a/b", makeFolders=True)
    assert (folder / "new/a/b").is_dir()
    assert refused(bench, "makeFolder", "/new") in ("ServerFileExists", "FileServerRefused")


def test_a_path_is_no_second_command(bench: Bench, folder: Path) -> None:
    assert refused(bench, "download", "/in/x\r\nDELE /in/ü.txt") == "ParameterInvalid"
    assert (folder / "in" / "ü.txt").exists()


# Log-in and security


def with_account(type: str, account: dict[str, Any]) -> Bench:
    node = Bench(SPEC, run)
    node.outside.credentials["c", type] = account
    return node


@pytest.fixture
def _private(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")


@pytest.mark.usefixtures("_private")
def test_wrong_passwords_and_certificates_are_refused(accounts: dict[str, Any], ftp: FtpServer) -> None:
    assert refused(with_account("ssh", {**accounts["sftp"][1], "password": "no"}), "list", "/") == "SshRefused"
    assert refused(with_account("ssh", {**accounts["sftp"][1], "hostKey": ""}), "list", "/") == "SshHostKeyUnknown"
    assert refused(with_account("ftp", ftp.account(password="no")), "list", "/") == "FileServerRefused"
    assert refused(with_account("ftp", {**accounts["ftps"][1], "certificate": ""}), "list", "/") == "FileServerRefused"
    assert refused(with_account("ftp", {**accounts["ftps"][1], "certificate": "x"}), "list", "/") == "CredentialMissing"
    assert refused(with_account("ftp", {**accounts["ftps"][1], "host": "127.0.0.2"}), "list", "/") in (
        "FileServerRefused",
        "FileServerUnavailable",
    )
    plain = with_account("ftp", {**ftp.account(), "security": "tls"})
    assert refused(plain, "list", "/") in ("FileServerRefused", "FileServerUnavailable")
    assert refused(with_account("ftp", {**accounts["ftps"][1], "security": "none"}), "list", "/") == "FileServerRefused"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed = free.getsockname()[1]
    assert refused(with_account("ftp", ftp.account(port=closed)), "list", "/") == "FileServerUnavailable"


def test_private_addresses_are_refused(ftp: FtpServer) -> None:
    assert refused(with_account("ftp", ftp.account()), "list", "/") == "AddressForbidden"


@pytest.mark.usefixtures("_private")
def test_data_goes_to_the_server_whatever_address_it_says(folder: Path) -> None:
    with ftp_server(folder, masquerade_address="10.255.255.1") as lying:
        assert isinstance(do(with_account("ftp", lying.account()), "list", "/"), list)


@pytest.mark.usefixtures("_private")
def test_servers_without_a_list_for_machines_are_read(folder: Path) -> None:
    (folder / "old").mkdir(exist_ok=True)
    (folder / "old" / "a b.txt").write_bytes(b"123")
    from pyftpdlib.handlers import FTPHandler

    commands = {name: told for name, told in FTPHandler.proto_cmds.items() if name not in ("MLSD", "MLST")}
    with ftp_server(folder, proto_cmds=commands) as old:
        [one] = do(with_account("ftp", old.account()), "list", "/old")
    assert (one["name"], one["path"], one["size"], one["type"]) == ("a b.txt", "/old/a b.txt", 3, "file")


def test_lists_of_windows_are_read() -> None:
    found = _line("01-31-26  10:30AM       <DIR>          My folder", "/")
    assert found is not None
    assert (found.path, found.type) == ("/My folder", "folder")
    found = _line("01-31-2026  22:30                 2048 a b.txt", "/x")
    assert found is not None
    assert (found.path, found.size) == ("/x/a b.txt", 2048)
    assert _line("total 12", "/") is None


@pytest.mark.usefixtures("_private")
def test_a_credential_is_tried_out(ftp: FtpServer) -> None:
    outside = with_account("ftp", ftp.account()).outside
    trigger = Trigger(SPEC, {"test": try_out}, {}, {}, outside=outside)
    assert "lets the user in" in trigger.ask("test", {"credential": "c"})["answer"]["message"]
    outside.credentials["c", "ftp"] = ftp.account(password="no")
    assert trigger.ask("test", {"credential": "c"})["error"]["type"] == "FileServerRefused"
