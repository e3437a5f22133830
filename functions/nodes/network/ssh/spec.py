"""The SSH command node as a value."""

from typing import Any

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, NodeSpec
from stepweave.spec.parts import Text


class Params(NodeParams):
    """The command, and what it is given."""

    credential: str = ui(..., title="Server", kind=Kind.CREDENTIAL, credential="ssh", expression=False, min_length=1)
    command: Text = ui(
        ...,
        title="Command",
        kind=Kind.MULTILINE,
        placeholder="systemctl status shop",
        help="For the user's shell. Values of items belong into Arguments or Input, where they cannot become commands.",
        min_length=1,
        max_length=100_000,
    )
    arguments: Any = ui(
        None,
        title="Arguments",
        kind=Kind.JSON,
        placeholder='["{{ $json.file }}"]',
        help="A list. Each is quoted for the shell and put behind the command.",
    )
    stdin: Any = ui(
        None,
        title="Input",
        kind=Kind.MULTILINE,
        placeholder="{{ $json }}",
        help="What the command reads (stdin). What is no text is given as JSON.",
    )
    directory: Text = ui(
        "",
        title="Directory",
        kind=Kind.TEXT,
        placeholder="/srv/shop",
        help="Where the command runs. Empty: the user's home.",
        max_length=4000,
    )
    seconds: float = ui(
        60,
        title="Time-out in seconds",
        kind=Kind.NUMBER,
        help="The command is ended then.",
        gt=0,
        le=840,
    )
    accept_failure: bool = ui(
        False,
        title="Go on whatever its exit status",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Off: another status than 0 fails the item.",
        group="options",
    )
    most_kb: int = ui(
        1024,
        title="Output at most, in KB",
        kind=Kind.NUMBER,
        help="Of each of both outputs; what is more is left out, which is said.",
        group="options",
        ge=1,
        le=16_384,
    )


DOCS = """\
Runs a command on a server by SSH for each input item, one after the other over one connection.

**Server.** Its key must be the one that the credential names (*Host key*). While it names none, the node fails and says
which key the server shows; nothing has been sent then, no password either. Keys, agents and settings of the machine
that Stepweave runs on do not count.

**Values.** The command goes to the user's shell, so an expression in it can become a command itself. *Arguments* are
quoted, and *Input* is only read.

**Time-out.** The command gets the signal `TERM`, and its connection is closed. What it started in the background may go
on. A command is not run again by itself, unless the node's retries say so.

**Output.** `stdout`, `stderr`, `exitCode`, of a command that a signal ended `signal`; `cut` says which outputs were
left out in part. Bytes that are no UTF-8 become U+FFFD.

**Errors.** `SshCommandFailed` (another exit status than 0), `SshCommandTimeout`, `SshHostKeyUnknown`, `SshRefused` (the
log-in, or the server runs no commands), `SshUnavailable` (no connection; a retry can help).

**Example.** Command `tail -n 50`, arguments `["{{ $json.log }}"]`.
"""

SPEC = NodeSpec(
    type="ssh",
    name="SSH command",
    category=Category.NETWORK,
    icon="square-terminal",
    summary="Runs a command on a server by SSH.",
    docs=DOCS,
    params=Params,
    subtitle="{command}",
    credentials=("ssh",),
    network=True,
    layers=("ssh",),
    timeout_seconds=900,
    memory_mb=512,
    errors=(
        "SshCommandFailed",
        "SshCommandTimeout",
        "SshHostKeyUnknown",
        "SshRefused",
        "SshUnavailable",
        "ConnectionFailed",
        "AddressForbidden",
    ),
    retryable=("SshUnavailable", "ConnectionFailed"),
    output_example=({"stdout": "up 3 days", "stderr": "", "exitCode": 0},),
)
