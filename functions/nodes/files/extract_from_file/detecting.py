"""What format a file is of: by its first bytes, its name, its type."""

import io
import zipfile
from pathlib import PurePosixPath
from typing import Final

from functions.nodes.files.extract_from_file.errors import FormatUnknown
from functions.nodes.files.extract_from_file.spec import Format
from stepweave.runtime.files import StoredFile

_HEAD: Final = 4096
_ENDS: Final[dict[str, Format]] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".json": "json",
    ".geojson": "json",
    ".jsonl": "jsonLines",
    ".ndjson": "jsonLines",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".xls": "xls",
    ".ods": "ods",
    ".htm": "html",
    ".html": "html",
    ".xml": "xml",
    ".rss": "xml",
    ".pdf": "pdf",
    ".docx": "docx",
    ".ics": "ics",
    ".ical": "ics",
    ".txt": "text",
    ".md": "text",
    ".log": "text",
}
_TYPES: Final[dict[str, Format]] = {
    "text/csv": "csv",
    "application/csv": "csv",
    "text/tab-separated-values": "csv",
    "application/json": "json",
    "application/x-ndjson": "jsonLines",
    "application/jsonl": "jsonLines",
    "application/pdf": "pdf",
    "text/calendar": "ics",
    "text/html": "html",
    "application/xhtml+xml": "html",
    "application/xml": "xml",
    "text/xml": "xml",
    "text/markdown": "text",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.ms-excel": "xls",
}
_MOST_ZIP: Final = 100 * 1024**2


def format_of(file: StoredFile) -> Format:
    """Return a file's format. Raises FormatUnknown."""
    head = file.reader().peek(_HEAD)[:_HEAD]
    by_name = _ENDS.get(PurePosixPath(file.name.replace("\\", "/")).suffix.lower())
    by_type = _TYPES.get(file.mime_type.partition(";")[0].strip().lower())
    found = _by_bytes(file, head)
    if found:
        return found
    named = by_name or by_type
    if named in ("xls", "xlsx", "ods", "docx", "pdf"):  # its bytes would have said so: browsers call CSV so
        named = by_type if by_name is None and by_type not in ("xls", "xlsx", "ods", "docx", "pdf") else None
    looks = _by_text(head)
    if named and not (named == "text" and looks == "ics"):
        return "jsonLines" if named == "json" and looks == "jsonLines" else named
    if looks:
        return looks
    if file.mime_type.startswith("text/plain"):
        return "text"
    if file.mime_type.startswith("application/vnd.ms-excel") or by_name == "xls":
        return "csv"
    name = f" “{file.name[:80]}”" if file.name else ""
    raise FormatUnknown(
        f"The file{name} does not say what format it is of.",
        "Choose the format in the node.",
        details={"field": "params.format"},
    )


def _by_bytes(file: StoredFile, head: bytes) -> Format | None:
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "xlsx" if file.name.lower().endswith((".xlsx", ".xlsm")) else "xls"
    if head.startswith(b"PK\x03\x04"):
        return _by_parts(file)
    return None


def _by_parts(file: StoredFile) -> Format | None:
    try:
        with file.copied(_MOST_ZIP) as copy, zipfile.ZipFile(copy) as archive:
            names = set(archive.namelist())
            if "xl/workbook.xml" in names:
                return "xlsx"
            if "word/document.xml" in names:
                return "docx"
            return "ods" if "content.xml" in names and "mimetype" in names else None
    except (zipfile.BadZipFile, io.UnsupportedOperation, ValueError):
        return None


def _by_text(head: bytes) -> Format | None:
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith(b"begin:vcalendar"):
        return "ics"
    if text.startswith((b"<!doctype html", b"<html", b"<table")):
        return "html"
    if text.startswith(b"<?xml"):
        return "xml"
    if text.startswith(b"{") and b"}\n{" in text.replace(b"\r", b""):
        return "jsonLines"
    return "json" if text.startswith((b"{", b"[{", b"[\n", b"[\r", b"[ ", b'["', b"[]")) else None
