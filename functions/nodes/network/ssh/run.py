"""Runs a command on a server for each item."""

import json
import shlex
from typing import TYPE_CHECKING, Any, Final

from functions.nodes.network.ssh.errors import SshCommandFailed, SshCommandTimeout
from functions.nodes.network.ssh.spec import Params
from stepweave.model.items import Item, item
from stepweave.model.json_text import mended_text
from stepweave.model.numbers import scalar_text
from stepweave.runtime import Entry, Step
from stepweave.runtime.errors import ParameterInvalid

if TYPE_CHECKING:
    from functions.nodes.network.ssh.shell import Ran

_TOLD: Final = 2000
"""Characters of an output's end that an error has."""
_LEAST_SECONDS: Final = 1.0


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return what the commands wrote, in the order of the input items."""
    # Imported here: asyncssh costs 0.3 s, which belongs to the first command, not to the function's start.
    from functions.nodes.network.ssh.shell import Shell

    if not step.items():
        return {}
    shell = Shell(step.credential(step.constant("credential"), "ssh"))

    def ran(entry: Entry[Params]) -> list[Item]:
        params = entry.params
        seconds = min(params.seconds, max(step.remaining() - _LEAST_SECONDS, _LEAST_SECONDS))
        done = shell.run(_command(params), _input(params.stdin), seconds=seconds, most=params.most_kb * 1024)
        return [item(_told(params, done, seconds))]

    try:
        return step.each(ran)
    finally:
        shell.close()


def _told(params: Params, done: "Ran", seconds: float) -> dict[str, Any]:
    """Return what is said of a command. Raises SshCommandTimeout, SshCommandFailed."""
    stdout, stderr = done.stdout.text, done.stderr.text
    ends = {"stdout": stdout[-_TOLD:], "stderr": stderr[-_TOLD:]}
    if not done.in_time:
        raise SshCommandTimeout(
            f"The command did not end within {seconds:.3g} seconds.",
            "Give it more time, or let it work in the background: nohup COMMAND >log 2>&1 &",
            details=ends,
        )
    if not params.accept_failure and done.status != 0:
        how = f"by the signal {done.signal}" if done.signal else f"with the exit status {done.status}"
        words = (stderr.strip() or stdout.strip()).splitlines()
        said = f": {words[-1][:500]}" if words else ""
        raise SshCommandFailed(
            f"The command ended {how}{said}.",
            "Change the command, or let the node go on whatever its exit status.",
            details={"exitCode": done.status, **({"signal": done.signal} if done.signal else {}), **ends},
        )
    told: dict[str, Any] = {"stdout": stdout, "stderr": stderr, "exitCode": done.status}
    if done.signal:
        told["signal"] = done.signal
    if cut := [name for name, kept in (("stdout", done.stdout), ("stderr", done.stderr)) if kept.cut]:
        told["cut"] = cut
    return told


def _command(params: Params) -> str:
    command = params.command
    if params.arguments not in (None, ""):
        if not isinstance(params.arguments, list):
            words = "The arguments are no list."
            raise ParameterInvalid(words, 'Write ["{{ $json.file }}"].', details={"field": "params.arguments"})
        command = " ".join([command.rstrip(), *(shlex.quote(_text(one)) for one in params.arguments)])
    if params.directory:
        command = f"cd -- {shlex.quote(params.directory)} && {{ {command}\n}}"
    if "\0" in command:
        words = "The command holds a character that no shell takes (U+0000)."
        raise ParameterInvalid(words, "Take it out.", details={"field": "params.command"})
    return mended_text(command)


def _input(value: Any) -> bytes:
    return b"" if value is None else mended_text(_text(value)).encode()


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return scalar_text(value) if isinstance(value, bool | int | float) else json.dumps(value, ensure_ascii=False)
