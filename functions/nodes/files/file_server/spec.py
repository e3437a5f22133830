"""The file server node as a value."""

from typing import Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, NodeSpec
from stepweave.spec.parts import Text


class Params(NodeParams):
    """What to do on which server."""

    credential: str = ui(
        ...,
        title="Server",
        kind=Kind.CREDENTIAL,
        credential=("ssh", "ftp"),
        expression=False,
        help="SSH server for SFTP, FTP server for FTP and FTPS.",
        min_length=1,
    )
    operation: Literal["list", "download", "upload", "delete", "rename", "makeFolder"] = ui(
        "list",
        title="Operation",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("list", "List a folder"),
            ("download", "Download a file"),
            ("upload", "Upload a file"),
            ("delete", "Delete"),
            ("rename", "Rename or move"),
            ("makeFolder", "Make a folder"),
        ],
    )
    path: Text = ui(
        ...,
        title="Path",
        kind=Kind.TEXT,
        placeholder="/in/orders.csv",
        help="Of the file or folder. Without a slash before it, from the user's own folder. An upload to a path with a "
        "slash behind it keeps the file's name.",
        min_length=1,
        max_length=4000,
    )
    to: Text = ui(
        "",
        title="New path",
        kind=Kind.TEXT,
        placeholder="/done/orders.csv",
        show_when={"operation": ["rename"]},
        required_when_shown=True,
        max_length=4000,
    )
    file: Text = ui(
        "data",
        title="File",
        kind=Kind.TEXT,
        help="The name of a file that the item has.",
        show_when={"operation": ["upload"]},
        max_length=200,
    )
    exists: Literal["replace", "fail"] = ui(
        "replace",
        title="When it is there already",
        kind=Kind.SELECT,
        expression=False,
        options=[("replace", "Replace it"), ("fail", "Fail")],
        show_when={"operation": ["upload", "rename"]},
        group="options",
    )
    make_folders: bool = ui(
        False,
        title="Make missing folders",
        kind=Kind.BOOLEAN,
        expression=False,
        show_when={"operation": ["upload", "rename", "makeFolder"]},
        group="options",
    )
    whole_folder: bool = ui(
        False,
        title="Folders with all that is in them",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Off: a folder is deleted only where it is empty.",
        show_when={"operation": ["delete"]},
        group="options",
    )
    recursive: bool = ui(
        False,
        title="Also folders within",
        kind=Kind.BOOLEAN,
        expression=False,
        show_when={"operation": ["list"]},
        group="options",
    )
    only: Text = ui(
        "",
        title="Only these",
        kind=Kind.TEXT,
        placeholder="*.csv",
        help="A pattern of names: * is anything. Empty: all.",
        show_when={"operation": ["list"]},
        group="options",
        max_length=200,
    )
    max_mb: int = ui(
        1000,
        title="Most MB",
        kind=Kind.NUMBER,
        expression=False,
        show_when={"operation": ["download"]},
        group="options",
        ge=1,
        le=5000,
    )
    output_file: Text = ui(
        "data",
        title="Write to file",
        kind=Kind.TEXT,
        help="What the item calls the file.",
        show_when={"operation": ["download"]},
        min_length=1,
        max_length=200,
    )


DOCS = """\
Works with files on a server by SFTP, FTP or FTPS, over one connection for all items. Files go piece by piece, of any
size; nothing is held in memory.

**Upload.** The file is written under a name of its own beside the place and renamed when it is whole, so that nobody
reads half of it. A broken upload is taken away.

**Download.** The item with `path`, `fileName`, `size` and the file. A download that does not get as many bytes as the
server says fails.

**Security.** SFTP goes only to a server whose key the credential names. FTPS encrypts log-in and files. With FTP, data
connections go to the address that was checked, whatever address the server says.

**Output.** *List*: an item for each file and folder: `name`, `path`, `type` (`file`, `folder`, `link`, `other`),
`size`, `modified`. Others: the item, with `path` and what was done.

**Errors.** `ServerFileNotFound`, `ServerFileExists`, `FileServerRefused` (the log-in, rights, a full disk; in the
server's words), `FileServerUnavailable` (a retry can help), for SFTP `SshHostKeyUnknown`, `SshRefused` and
`SshUnavailable`. `DataTooLarge`: a file has more than is allowed, a folder more than 10,000 entries.

**Example.** *List* `/in` with `*.csv`, *Download* `{{ $json.path }}`, *Extract from file*, then *Rename* to
`/done/{{ $json.name }}`.
"""

SPEC = NodeSpec(
    type="file_server",
    name="SFTP / FTP",
    category=Category.NETWORK,
    icon="folder-sync",
    summary="Lists, downloads, uploads, renames and deletes files on SFTP and FTP servers.",
    docs=DOCS,
    params=Params,
    subtitle="{operation} {path}",
    credentials=("ssh", "ftp"),
    network=True,
    layers=("ssh",),
    timeout_seconds=900,
    memory_mb=512,
    errors=(
        "ServerFileNotFound",
        "ServerFileExists",
        "FileServerRefused",
        "FileServerUnavailable",
        "SshHostKeyUnknown",
        "SshRefused",
        "SshUnavailable",
        "ConnectionFailed",
        "AddressForbidden",
    ),
    retryable=("FileServerUnavailable", "SshUnavailable", "ConnectionFailed"),
    output_example=(
        {
            "name": "orders.csv",
            "path": "/in/orders.csv",
            "type": "file",
            "size": 2048,
            "modified": "2026-01-31T10:30:00Z",
        },
    ),
)
