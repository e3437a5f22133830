"""Downloads files; those of Google's own apps as others that programs can read."""

from collections.abc import Iterator, Mapping
from typing import Final

from functions.nodes.apps.google.drive import CONTENT, EXPORT, GET
from functions.nodes.apps.google.files import FOLDER, SHORTCUT, TYPES, file_id
from stepweave.runtime.errors import ParameterInvalid
from stepweave.spec.operation_files import WithFiles
from stepweave.spec.operations import Call

_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_PDF: Final = ("application/pdf", "pdf")
EXPORTS: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    TYPES["document"]: {
        "office": (f"{_OFFICE}.wordprocessingml.document", "docx"),
        "pdf": _PDF,
        "text": ("text/plain", "txt"),
        "html": ("text/html", "html"),
        "markdown": ("text/markdown", "md"),
    },
    TYPES["spreadsheet"]: {
        "office": (f"{_OFFICE}.spreadsheetml.sheet", "xlsx"),
        "pdf": _PDF,
        "text": ("text/csv", "csv"),
    },
    TYPES["presentation"]: {
        "office": (f"{_OFFICE}.presentationml.presentation", "pptx"),
        "pdf": _PDF,
        "text": ("text/plain", "txt"),
    },
    TYPES["drawing"]: {"office": ("image/png", "png"), "pdf": _PDF},
}


def downloaded(call: Call, file: str, form: str, most_mb: int) -> Iterator[WithFiles]:
    """Give a file's metadata and its content, which is stored and never whole in memory."""
    told = call.ask(GET, file=file_id(file, "file"))
    if told["mimeType"] == SHORTCUT:
        told = call.ask(GET, file=told["shortcutDetails"]["targetId"])
    kind, name = told["mimeType"], str(told["name"])
    if kind in EXPORTS:
        forms = EXPORTS[kind]
        mime_type, ending = forms.get(form, forms["office"])
        if not name.lower().endswith(f".{ending}"):
            name = f"{name}.{ending}"
        content = call.download(EXPORT, most_mb, name, file=told["id"], mimeType=mime_type)
    elif kind == FOLDER or kind.startswith("application/vnd.google-apps."):
        what = "a folder" if kind == FOLDER else f"of the type {kind}"
        raise ParameterInvalid(
            f"“{name[:80]}” is {what}, which has no content to download.",
            "List the files of a folder with File, List, and download each.",
            details={"field": "params.file"},
        )
    else:
        content = call.download(CONTENT, most_mb, name, file=told["id"])
    yield WithFiles({**told, "fileName": name}, {"data": dict(content)})
