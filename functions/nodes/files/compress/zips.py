"""Files of ZIP archives."""

import stat
import zipfile
from collections.abc import Iterator
from typing import Final

from functions.nodes.files.compress.spec import Params
from functions.nodes.files.compress.unpacking import DAMAGED, Member, damaged
from stepweave.runtime.charsets import codec_of
from stepweave.runtime.errors import DataTooLarge
from stepweave.runtime.file_errors import FileEncrypted, FileInvalid
from stepweave.runtime.files import StoredFile
from stepweave.runtime.markup import FileNotText

MOST_BYTES: Final = 400 * 1024**2
"""A ZIP is read from its end, so it is copied to the function's disk."""
MOST_ENTRIES: Final = 100_000
_UTF8: Final = 0x800
_ENCRYPTED: Final = 0x1
_AES: Final = 99


def members(file: StoredFile, params: Params) -> Iterator[Member]:
    """Yield the files of an archive. Raises FileInvalid, FileEncrypted, DataTooLarge."""
    with file.copied(MOST_BYTES, "The archive") as copy:
        try:
            with zipfile.ZipFile(copy) as archive:
                entries = archive.infolist()
                if len(entries) > MOST_ENTRIES:
                    raise DataTooLarge(f"The archive has {len(entries):,} entries.", "Make smaller archives.")
                for entry in entries:
                    if not entry.is_dir():
                        yield from _member(archive, entry, params)
        except (*DAMAGED, ValueError) as error:
            raise damaged(error) from None


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, params: Params) -> Iterator[Member]:
    path = _name(entry, params)
    kind = entry.external_attr >> 16
    unsafe = "a link" if stat.S_ISLNK(kind) else ""
    if stat.S_IFMT(kind) and not stat.S_ISREG(kind) and not unsafe:
        unsafe = "a device"
    if entry.flag_bits & _ENCRYPTED:
        _check_password(entry, params, path)
    try:
        with archive.open(entry, pwd=params.password.encode() or None) as content:
            yield Member(path, entry.file_size, content, unsafe)
    except NotImplementedError as error:
        raise FileInvalid(f"{path[:200]} is compressed in a way that is not read: {error}.", "Use Deflate.") from None
    except RuntimeError as error:  # "Bad password for file"
        if "password" not in str(error).lower():
            raise
        raise FileEncrypted(
            f"The password is not that of {path[:200]}.",
            "Write it in the options.",
            details={"field": "params.password"},
        ) from None


def _check_password(entry: zipfile.ZipInfo, params: Params, path: str) -> None:
    if entry.compress_type == _AES:
        raise FileEncrypted(
            f"{path[:200]} is encrypted with AES, which is not read.", "Make the ZIP without a password, or ZipCrypto."
        )
    if not params.password:
        raise _locked(f"{path[:200]} has a password.")


def _locked(words: str) -> FileEncrypted:
    return FileEncrypted(words, "Write it in the options.", details={"field": "params.password"})


def _name(entry: zipfile.ZipInfo, params: Params) -> str:
    if entry.flag_bits & _UTF8:
        return entry.filename
    raw = entry.orig_filename.encode("cp437")
    if params.encoding:
        codec = codec_of(params.encoding) or _python_codec(params.encoding)
        return raw.decode(codec, "replace")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return entry.filename


def _python_codec(label: str) -> str:
    """Return a codec that browsers do not know, as `cp866` and `cp850` are. Raises FileNotText."""
    import codecs

    try:
        return codecs.lookup(label).name
    except LookupError:
        raise FileNotText(
            f"Nothing is known of the encoding {label[:40]}.", "Write one such as shift_jis, cp850 or cp866."
        ) from None
