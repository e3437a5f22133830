"""Shares a file or folder, and gives its link."""

from collections.abc import Iterator
from typing import Any, Literal

from functions.nodes.apps.google.nodes.drive.fields import OfFile
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation
from stepweave.spec.parts import Text


class Params(OfFile):
    """Which file, and with whom."""

    kind: Literal["user", "group", "domain", "anyone"] = ui(
        "user",
        title="With",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("user", "A person"),
            ("group", "A group"),
            ("domain", "Everybody of a domain"),
            ("anyone", "Everybody who has the link"),
        ],
    )
    address: Text = ui(
        "",
        title="Email address",
        kind=Kind.TEXT,
        placeholder="ada@example.com",
        show_when={"kind": ["user", "group"]},
        required_when_shown=True,
        max_length=320,
    )
    domain: Text = ui(
        "",
        title="Domain",
        kind=Kind.TEXT,
        placeholder="example.com",
        show_when={"kind": ["domain"]},
        required_when_shown=True,
        max_length=250,
    )
    role: Literal["reader", "commenter", "writer", "fileOrganizer", "organizer"] = ui(
        "reader",
        title="May",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("reader", "See it"),
            ("commenter", "Comment on it"),
            ("writer", "Change it"),
            ("fileOrganizer", "Organise it (shared drives)"),
            ("organizer", "Manage it (shared drives)"),
        ],
    )
    notify: bool = ui(
        False, title="Tell them by email", kind=Kind.BOOLEAN, expression=False, show_when={"kind": ["user", "group"]}
    )
    words: Text = ui(
        "",
        title="Words in the email",
        kind=Kind.MULTILINE,
        show_when={"kind": ["user", "group"], "notify": [True]},
        max_length=5_000,
    )


def run(call: Call, params: Params) -> Iterator[Any]:
    """Give the permission, and what Drive says of the file."""
    from functions.nodes.apps.google.drive import GET, SHARE
    from functions.nodes.apps.google.files import file_id

    id, personal = file_id(params.file, "file"), params.kind in ("user", "group")
    permission = call.ask(
        SHARE,
        file=id,
        notify=str(params.notify).lower() if personal else "",
        words=params.words if personal and params.notify else "",
        address=params.address.strip() if personal else "",
        domain=params.domain.strip() if params.kind == "domain" else "",
    )
    yield {**call.ask(GET, file=id), "permission": permission}


OPERATION = Operation(
    resource="file",
    name="share",
    label="Share",
    summary="Shares a file or folder, and gives its link.",
    params=Params,
    run=run,
    output_example=(
        {
            "id": "1a2b",
            "name": "Report.pdf",
            "mimeType": "application/pdf",
            "webViewLink": "https://drive.google.com/…",
        },
    ),
)
