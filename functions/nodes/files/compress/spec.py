"""The compress node as a value."""

from typing import Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, NodeSpec
from stepweave.spec.parts import FieldNames, Text, names_field

_PACK = {"operation": ["compress"]}
_UNPACK = {"operation": ["uncompress"]}


class Params(NodeParams):
    """What becomes an archive, or which archive is opened."""

    operation: Literal["compress", "uncompress"] = ui(
        "compress",
        title="Operation",
        kind=Kind.SELECT,
        expression=False,
        options=[("compress", "Compress files"), ("uncompress", "Take files out")],
    )
    files: FieldNames = names_field(
        "Files",
        placeholder="data, invoice",
        help="Names of files that the item has. Empty: all of them.",
        show_when=_PACK,
    )
    file: Text = ui(
        "data",
        title="Archive",
        kind=Kind.TEXT,
        help="The name of a file that the item has.",
        show_when=_UNPACK,
        max_length=200,
    )
    format: Literal["zip", "gzip", "tar", "tarGz"] = ui(
        "zip",
        title="Format",
        kind=Kind.SELECT,
        expression=False,
        options=[("zip", "ZIP"), ("gzip", "gzip: each file for itself"), ("tar", "tar"), ("tarGz", "tar.gz")],
        show_when=_PACK,
    )
    archives: Literal["each", "one"] = ui(
        "each",
        title="Archives",
        kind=Kind.SELECT,
        expression=False,
        options=[("each", "One of each item"), ("one", "One of all items")],
        show_when={"operation": ["compress"], "format": ["zip", "tar", "tarGz"]},
    )
    file_name: Text = ui(
        "",
        title="Name of the archive",
        kind=Kind.TEXT,
        placeholder="invoices.zip",
        help="Empty: archive with the format's ending.",
        show_when={"operation": ["compress"], "format": ["zip", "tar", "tarGz"]},
        max_length=200,
    )
    folder: Text = ui(
        "",
        title="Folder in the archive",
        kind=Kind.TEXT,
        placeholder="{{ $json.customer }}",
        show_when={"operation": ["compress"], "format": ["zip", "tar", "tarGz"]},
        group="options",
        max_length=500,
    )
    output: Literal["items", "one"] = ui(
        "items",
        title="Give",
        kind=Kind.SELECT,
        expression=False,
        options=[("items", "An item for each file"), ("one", "One item with all files")],
        show_when=_UNPACK,
    )
    only: Text = ui(
        "",
        title="Only these",
        kind=Kind.TEXT,
        placeholder="*.csv",
        help="A pattern of paths: * is anything. Several with commas. Empty: all files.",
        show_when=_UNPACK,
        max_length=500,
    )
    output_file: Text = ui(
        "data",
        title="Write to file",
        kind=Kind.TEXT,
        help="What items call the file.",
        min_length=1,
        max_length=200,
    )
    password: Text = ui(
        "",
        title="Password",
        kind=Kind.TEXT,
        help="Of a ZIP that is encrypted in the old way (ZipCrypto).",
        show_when=_UNPACK,
        group="options",
        max_length=200,
    )
    unsafe: Literal["fail", "skip"] = ui(
        "fail",
        title="Paths that lead out, links, devices",
        kind=Kind.SELECT,
        expression=False,
        options=[("fail", "Fail"), ("skip", "Are left out, with a line in the log")],
        show_when=_UNPACK,
        group="options",
    )
    encoding: Text = ui(
        "",
        title="Encoding of names",
        kind=Kind.TEXT,
        expression=False,
        placeholder="shift_jis",
        help="Of a ZIP that does not say so. Empty: UTF-8, or DOS (437).",
        show_when=_UNPACK,
        group="options",
        max_length=40,
    )
    max_files: int = ui(
        1000,
        title="Most files",
        kind=Kind.NUMBER,
        expression=False,
        show_when=_UNPACK,
        group="options",
        ge=1,
        le=10_000,
    )
    max_mb: int = ui(
        500,
        title="Most MB, unpacked",
        kind=Kind.NUMBER,
        expression=False,
        show_when=_UNPACK,
        group="options",
        ge=1,
        le=5000,
    )


DOCS = """\
Makes archives of files, and takes files out of archives. Nothing is held in memory: files are stored while they come.

**Compress.** An archive of the files of each item, or one of the files of all items. Files keep their names; one that
comes twice gets a number. *gzip* has no names within: each file becomes a file of its own, `orders.csv.gz`.

**Take files out.** ZIP (also ZIP64), tar, tar.gz, tar.bz2, and gzip and bzip2 of one file; which of them it is, the
first bytes say. Folders are in `path`. Nested archives stay files.

**What is refused.** Paths that lead out (`../`, `/etc`, `C:\\`), links and devices. Archives that are more, or larger,
than the options allow, and such that unpack to 200 times their size and more than 50 MB.

**Output.** *Compress*: `fileName`, `size`, `files` (how many) and the file; with an archive of each item beside its
fields. *Take files out*: an item for each file with `path`, `fileName`, `size` and the file; or one item with `files`,
a list of these, and the files as `data`, `data_2` and so on.

**Errors.** `FileInvalid`: it is no archive, damaged, or of a format that is not read (RAR, 7z). `FileEncrypted`: it has
a password, none is given or a wrong one, or it is encrypted with AES. `ArchiveUnsafe`: as above. `DataTooLarge`: as
above. `FileNotText`: the encoding of names is unknown.

**Example.** *Take files out* of `data`, only `*.csv`, then *Extract from file*.
"""

SPEC = NodeSpec(
    type="compress",
    name="Compress",
    category=Category.DATA,
    icon="file-archive",
    summary="Makes ZIP and tar archives of files, and takes files out of them.",
    docs=DOCS,
    params=Params,
    subtitle="{operation}",
    timeout_seconds=600,
    memory_mb=512,
    errors=("FileInvalid", "FileEncrypted", "ArchiveUnsafe", "FileNotText"),
    output_example=({"fileName": "invoices.zip", "size": 20480, "files": 3},),
)
