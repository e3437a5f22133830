"""Archives that are made, whole and hostile ones that are opened; read and written by libraries not ours."""

import bz2
import gzip
import io
import subprocess
import tarfile
import zipfile
from typing import Any

import pytest

from functions.nodes.files.compress import tars, unpacking
from functions.nodes.files.compress.run import run
from functions.nodes.files.compress.spec import SPEC
from stepweave.model.items import Item
from stepweave.runtime.errors import NodeError
from tests.fakes.item_files import content_of, stored, with_file
from tests.fakes.steps import Bench

OUT: dict[str, Any] = {"operation": "uncompress"}


@pytest.fixture
def node() -> Bench:
    return Bench(SPEC, run)


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for info, content in members:
            made.writestr(info, content)
    return file.getvalue()


def tarred(*members: tuple[tarfile.TarInfo | str, bytes], mode: str = "w") -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as made:  # type: ignore[call-overload]
        for info, content in members:
            entry = tarfile.TarInfo(info) if isinstance(info, str) else info
            entry.size = len(content)
            made.addfile(entry, io.BytesIO(content))
    return file.getvalue()


def taken(node: Bench, content: bytes, name: str = "", **params: Any) -> list[tuple[str, bytes]]:
    found = node({**OUT, **params}, with_file(node, content, name))["output"].get("main", {"items": []})["items"]
    return [(one["json"]["path"], content_of(node, one["binary"]["data"])) for one in found]


def refused(node: Bench, content: bytes, **params: Any) -> str:
    with pytest.raises(NodeError) as caught:
        node({**OUT, **params}, with_file(node, content))
    assert caught.value.message.endswith(".")
    assert caught.value.remedy
    return type(caught.value).__name__


def two_items(node: Bench) -> list[Item]:
    return [
        {"json": {"n": n}, "binary": {"data": stored(node, b"x" * 5000 + bytes([n]), "ä/b.txt", key=f"f{n}")}}
        for n in (1, 2)
    ]


@pytest.mark.parametrize("format", ["zip", "tar", "tarGz"])
def test_one_archive_has_the_files_of_all_items(node: Bench, format: str) -> None:
    params = {"format": format, "archives": "one", "folder": "../out/{{ $json.n }}", "fileName": "a/b"}
    [one] = node(params, two_items(node))["output"]["main"]["items"]
    content = content_of(node, one["binary"]["data"])
    assert one["json"] == {"fileName": "b", "size": len(content), "files": 2}
    if format == "zip":
        with zipfile.ZipFile(io.BytesIO(content)) as made:
            assert made.testzip() is None
            assert made.namelist() == ["out/1/b.txt", "out/2/b.txt"]
            assert made.infolist()[0].date_time == (1980, 1, 1, 0, 0, 0)
    else:
        with tarfile.open(fileobj=io.BytesIO(content)) as opened:
            assert opened.getnames() == ["out/1/b.txt", "out/2/b.txt"]
    assert taken(node, content) == [("out/1/b.txt", b"x" * 5000 + b"\x01"), ("out/2/b.txt", b"x" * 5000 + b"\x02")]


def test_each_item_gets_an_archive_and_names_are_unique(node: Bench) -> None:
    source: Item = {"json": {"n": 1}, "binary": {name: stored(node, b"1", "A.txt", key=name) for name in "xy"}}
    source["binary"]["z"] = stored(node, b"3", "a.TXT", key="z")
    [one] = node({}, [source])["output"]["main"]["items"]
    assert one["json"]["n"] == 1
    with zipfile.ZipFile(io.BytesIO(content_of(node, one["binary"]["data"]))) as made:
        assert made.namelist() == ["A.txt", "A (2).txt", "a (3).TXT"]
    assert set(one["binary"]) == {"x", "y", "z", "data"}
    with pytest.raises(NodeError, match="has none"):
        node({}, [{"json": {}}])


def test_gzip_makes_a_file_of_each(node: Bench) -> None:
    [one] = node({"format": "gzip"}, with_file(node, b"hello", "a.txt"))["output"]["main"]["items"]
    ref = one["binary"]["data"]
    assert gzip.decompress(content_of(node, ref)) == b"hello"
    assert ref["fileName"] == "a.txt.gz"
    assert taken(node, content_of(node, ref), "a.txt.gz") == [("a.txt", b"hello")]


def test_archives_of_every_kind_are_opened(node: Bench) -> None:
    assert taken(node, zipped(("d/", b""), ("d/a.txt", b"1"), ("b", b""))) == [("d/a.txt", b"1"), ("b", b"")]
    for mode in ("w", "w:gz", "w:bz2"):
        assert taken(node, tarred(("d/a.txt", b"1"), ("n" * 200, b"2"), mode=mode)) == [
            ("d/a.txt", b"1"),
            ("n" * 200, b"2"),
        ]
    assert taken(node, gzip.compress(b"a") + gzip.compress(b"b"), "x.gz") == [("x", b"ab")]
    assert taken(node, bz2.compress(b"a"), "x.csv.bz2") == [("x.csv", b"a")]
    assert taken(node, zipped()) == []
    zip64 = io.BytesIO()
    with zipfile.ZipFile(zip64, "w") as made, made.open("big", "w", force_zip64=True) as member:
        member.write(b"1")
    assert taken(node, zip64.getvalue()) == [("big", b"1")]


def test_one_item_can_have_all_files_and_patterns_choose(node: Bench) -> None:
    content = zipped(("a/x.csv", b"1"), ("y.CSV", b"2"), ("b/z.csv", b"3"))
    [one] = node({**OUT, "output": "one", "only": "*.csv"}, with_file(node, content))["output"]["main"]["items"]
    assert [(each["file"], each["path"]) for each in one["json"]["files"]] == [
        ("data", "a/x.csv"),
        ("data_2", "b/z.csv"),
    ]
    assert content_of(node, one["binary"]["data_2"]) == b"3"
    assert taken(node, content, only="b/*, y.*") == [("y.CSV", b"2"), ("b/z.csv", b"3")]


@pytest.mark.parametrize("path", ["../a", "a/../../b", "/etc/passwd", "C:\\x", "\\\\host\\share", "a\\..\\..\\b"])
def test_paths_that_lead_out_are_refused(node: Bench, path: str) -> None:
    for content in (zipped((path, b"x"), ("good", b"1")), tarred((path, b"x"), ("good", b"1"))):
        assert refused(node, content) == "ArchiveUnsafe"
        assert taken(node, content, unsafe="skip") == [("good", b"1")]


def test_links_and_devices_are_refused(node: Bench) -> None:
    info = zipfile.ZipInfo("link")
    info.external_attr = 0o120777 << 16
    assert refused(node, zipped((info, b"/etc/passwd"))) == "ArchiveUnsafe"
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
        entry = tarfile.TarInfo("link")
        entry.type, entry.linkname = kind, "/etc/passwd"
        assert refused(node, tarred((entry, b""))) == "ArchiveUnsafe"
        assert taken(node, tarred((entry, b""), ("good", b"1")), unsafe="skip") == [("good", b"1")]


def test_bombs_are_refused(node: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "FREE_BYTES", 100_000)
    zeros = bytes(2_000_000)
    bombs = (zipped(("a", zeros)), gzip.compress(zeros), tarred(("a", zeros), mode="w:gz"), bz2.compress(zeros))
    for content in bombs:
        assert refused(node, content) == "DataTooLarge"
        assert refused(node, content, maxMb=1) == "DataTooLarge"
    many = zipped(*((f"{n}", b"") for n in range(20)))
    assert refused(node, many, maxFiles=19) == "DataTooLarge"
    assert len(taken(node, many, maxFiles=20)) == 20
    # Files that are skipped are unpacked, too, where the archive is compressed as a whole.
    monkeypatch.setattr(unpacking, "FREE_BYTES", 0)
    skipped = tarred(("a", bytes(4_000_000)), ("b", b"1"), mode="w:gz")
    assert refused(node, skipped, only="b", maxMb=1) == "DataTooLarge"
    monkeypatch.setattr(tars, "_LONGEST_HEADER", 1000)
    assert refused(node, tarred(("n" * 5000, b""), mode="w:gz")) == "FileInvalid"


def test_damaged_archives_are_refused(node: Bench) -> None:
    whole = zipped(("a", b"hello" * 100))
    wrong_sum = bytearray(whole)
    wrong_sum[14] ^= 0xFF
    wrong_sum[whole.index(b"PK\x01\x02") + 16] ^= 0xFF
    packed, archive = gzip.compress(b"hello" * 100), tarred(("a", b"hello" * 1000), mode="w:gz")
    damaged = (
        whole[:-30],
        whole[:60],
        bytes(wrong_sum),
        packed[:-10],
        packed[:-4] + b"1234",
        archive[:60],
        archive[:-9],
    )
    for content in damaged:
        assert refused(node, content) == "FileInvalid"
    for content in (b"", b"hello", b"Rar!\x1a\x07\x00", b"7z\xbc\xaf\x27\x1c", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd"):
        assert refused(node, content) == "FileInvalid"


def encrypted(method: str = "") -> bytes:
    """Return a ZIP whose only file is encrypted with ZipCrypto."""
    # Python reads ZipCrypto and does not write it: the keys are run forwards here (APPNOTE 6.1).
    import zlib

    plain, password = b"secret", b"pw"
    table = []
    for number in range(256):
        for _ in range(8):
            number = (number >> 1) ^ 0xEDB88320 if number & 1 else number >> 1
        table.append(number)
    keys = [0x12345678, 0x23456789, 0x34567890]

    def update(byte: int) -> None:
        keys[0] = (keys[0] >> 8) ^ table[(keys[0] ^ byte) & 255]
        keys[1] = ((keys[1] + (keys[0] & 255)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = (keys[2] >> 8) ^ table[(keys[2] ^ (keys[1] >> 24)) & 255]

    def crypt(byte: int) -> int:
        temp = keys[2] | 2
        key = ((temp * (temp ^ 1)) >> 8) & 255
        update(byte)
        return byte ^ key

    for byte in password:
        update(byte)
    crc = zlib.crc32(plain)
    header = bytes(11) + bytes([crc >> 24])
    body = bytes(crypt(byte) for byte in header + plain)
    content = bytearray(zipped((zipfile.ZipInfo("s.txt"), plain)))
    start = content.index(plain)
    content[start : start + len(plain)] = body
    central = content.index(b"PK\x01\x02")
    for at, offset in ((0, 6), (central, 8)):
        content[at + offset] |= 1
    for at in (18, central + 20):
        content[at : at + 4] = len(body).to_bytes(4, "little")
    end = content.index(b"PK\x05\x06")
    content[end + 16 : end + 20] = central.to_bytes(4, "little")
    if method == "aes":
        for at in (8, central + 10):
            content[at : at + 2] = (99).to_bytes(2, "little")
    return bytes(content)


def test_encrypted_zips_need_their_password(node: Bench) -> None:
    assert refused(node, encrypted()) == "FileEncrypted"
    assert refused(node, encrypted(), password="wrong") in ("FileEncrypted", "FileInvalid")
    assert taken(node, encrypted(), password="pw") == [("s.txt", b"secret")]
    assert refused(node, encrypted("aes"), password="pw") == "FileEncrypted"


def test_names_are_in_any_encoding(node: Bench) -> None:
    def named(raw: bytes) -> bytes:
        return zipped(("x" * len(raw), b"1")).replace(b"x" * len(raw), raw)

    assert taken(node, named("日本.txt".encode())) == [("日本.txt", b"1")]
    assert taken(node, named("日本.txt".encode("shift_jis")), encoding="shift_jis") == [("日本.txt", b"1")]
    assert taken(node, named("Привет".encode("cp866")), encoding="cp866") == [("Привет", b"1")]
    assert taken(node, named("ä.txt".encode("cp437"))) == [("ä.txt", b"1")]
    assert refused(node, named(b"a"), encoding="klingon") == "FileNotText"


def test_duplicate_names_are_all_given(node: Bench) -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        content = zipped(("a", b"1"), ("a", b"2"))
    assert taken(node, content) == [("a", b"1"), ("a", b"2")]
    assert "2 times" in node.outside.of("node.log")[0]["message"]


def test_other_programs_open_what_is_made(node: Bench, tmp_path: Any) -> None:
    [one] = node({"format": "tarGz"}, with_file(node, b"hello", "a.txt"))["output"]["main"]["items"]
    (tmp_path / "a.tar.gz").write_bytes(content_of(node, one["binary"]["data"]))
    listed = subprocess.run(["tar", "tzf", tmp_path / "a.tar.gz"], capture_output=True, text=True, check=True)
    assert listed.stdout == "a.txt\n"
