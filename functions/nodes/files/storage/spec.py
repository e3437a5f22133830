"""The storage node as a value."""

from typing import Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.kept import Within, within_field
from stepweave.spec.node import Category, NodeSpec
from stepweave.spec.parts import Text


class Params(NodeParams):
    """Which file, and what to do with it."""

    operation: Literal["write", "read", "list", "share", "unshare", "delete"] = ui(
        "write",
        title="Operation",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("write", "Write a file"),
            ("read", "Read a file"),
            ("list", "List files"),
            ("share", "Share by a link"),
            ("unshare", "End its links"),
            ("delete", "Delete a file"),
        ],
    )
    path: Text = ui(
        "",
        title="Path",
        kind=Kind.TEXT,
        placeholder="reports/{{ $json.month }}.pdf",
        help="With a slash behind it, a file is written under its own name there.",
        show_when={"operation": ["write", "read", "share", "unshare", "delete"]},
        required_when_shown=True,
        max_length=500,
    )
    prefix: Text = ui(
        "",
        title="Paths that begin with",
        kind=Kind.TEXT,
        placeholder="reports/",
        help="Empty lists all files.",
        show_when={"operation": ["list"]},
        max_length=500,
    )
    file: Text = ui(
        "data",
        title="File",
        kind=Kind.TEXT,
        help="The name of a file that the item has.",
        show_when={"operation": ["write"]},
        max_length=200,
    )
    exists: Literal["replace", "fail", "keep"] = ui(
        "replace",
        title="When it is there already",
        kind=Kind.SELECT,
        expression=False,
        options=[("replace", "Replace it"), ("fail", "Fail"), ("keep", "Leave it as it is")],
        show_when={"operation": ["write"]},
        group="options",
    )
    missing: Literal["fail", "skip"] = ui(
        "fail",
        title="When there is none",
        kind=Kind.SELECT,
        expression=False,
        options=[("fail", "Fail"), ("skip", "Go on without it")],
        show_when={"operation": ["read", "share", "delete"]},
        group="options",
    )
    hours: int = ui(
        24,
        title="For how many hours",
        kind=Kind.NUMBER,
        help="The link works so long, at most until the file ends.",
        show_when={"operation": ["share"]},
        ge=1,
        le=2136,
    )
    limit: int = ui(
        1000,
        title="At most",
        kind=Kind.NUMBER,
        show_when={"operation": ["list"]},
        group="options",
        ge=1,
        le=20_000,
    )
    output_file: Text = ui(
        "data",
        title="Write to file",
        kind=Kind.TEXT,
        help="What the item calls the file.",
        show_when={"operation": ["read"]},
        min_length=1,
        max_length=200,
    )
    within: Within = within_field()


DOCS = """\
Keeps files under paths, for all workflows of the project (*Shared with*: of the workspace): what one writes, another
reads. Nobody outside can reach them, but by a link that you make.

**How long.** A file is kept for 89 days after it was written; write it again to keep it longer. All files together may
have 10 GB, and there may be 20,000.

**Output.** *Write*: the item with `path`, `size`, `stored` and `expiresAt`. *Read*: the item with `path`, `fileName`,
`size`, `updatedAt` and the file; with *Go on without it*, an item whose file is missing has `found` false. *List*: an
item for each file, in the order of their paths. *Delete*: the item with `path` and `deleted`.

**Errors.** `KeptFileNotFound`, `KeptFileExists`, `StoreFull` (delete some), `StoreKeyInvalid` (the path),
`StoreValueInvalid`, `StoreUnavailable` (a retry can help).

**Example.** A report is made each night: *Write* `reports/{{ $now.toISODate() }}.pdf`; a webhook reads it.
"""

SPEC = NodeSpec(
    type="storage",
    name="Storage",
    category=Category.DATA,
    icon="hard-drive",
    summary="Keeps files under paths: writes, reads, lists, shares and deletes them.",
    docs=DOCS,
    params=Params,
    subtitle="{operation} {path}",
    uses_store=True,
    timeout_seconds=300,
    memory_mb=256,
    errors=(
        "KeptFileNotFound",
        "KeptFileExists",
        "StoreFull",
        "StoreKeyInvalid",
        "StoreValueInvalid",
        "StoreUnavailable",
    ),
    retryable=("StoreUnavailable",),
    output_example=({"path": "reports/january.pdf", "size": 20480, "stored": True},),
)
