"""A server's shell: commands over one connection, their outputs bounded."""

import asyncio
from codecs import getincrementaldecoder
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import asyncssh

from stepweave.runtime.ssh import SshRefused, log_in, unavailable

_CHUNK: Final = 32 * 1024
_LOG_IN_SECONDS: Final = 30.0
_END_SECONDS: Final = 0.5
_LOOK_SECONDS: Final = 0.1
_LEFT_SECONDS: Final = 1.0
"""How long after a command's exit status its outputs are read on."""


@dataclass
class Kept:
    """What a command wrote to one of its outputs, up to a limit.

    Attributes:
        most: in bytes.
        cut: whether there was more.
    """

    most: int
    cut: bool = False
    _bytes: bytearray = field(default_factory=bytearray)

    @property
    def text(self) -> str:
        """It as text; a letter that the limit cuts is left out."""
        return getincrementaldecoder("utf-8")("replace").decode(bytes(self._bytes), final=not self.cut)

    async def read(self, stream: Any) -> None:
        """Read the output to its end; what is beyond the limit is dropped, so that the command goes on."""
        while piece := await stream.read(_CHUNK):
            room = self.most - len(self._bytes)
            self.cut = self.cut or len(piece) > room
            self._bytes += piece[:room]


@dataclass(frozen=True)
class Ran:
    """How a command ended.

    Attributes:
        stdout: its output.
        stderr: its errors.
        status: its exit status; None where a signal ended it, or nobody says.
        signal: which; "" for none.
        in_time: whether it ended by itself.
    """

    stdout: Kept
    stderr: Kept
    status: int | None
    signal: str
    in_time: bool


class Shell:
    """A user's shell on a server, logged in with the first command.

    Args:
        account: the credential's data.
    """

    def __init__(self, account: Mapping[str, Any]) -> None:
        self._account = account
        self._runner = asyncio.Runner()
        self._connection: asyncssh.SSHClientConnection | None = None

    def run(self, command: str, stdin: bytes, *, seconds: float, most: int) -> Ran:
        """Run a command to its end.

        Args:
            command: for the shell.
            stdin: what it reads.
            seconds: how long it may take.
            most: bytes of each output that are kept.

        Raises:
            CredentialMissing: the credential is incomplete.
            NodeError: what `stepweave.runtime.ssh.SSH_ERRORS` names.
        """
        return self._runner.run(self._ran(command, stdin, seconds, most))

    def close(self) -> None:
        """Log out."""
        if self._connection is not None:
            self._connection.abort()
        self._runner.close()

    async def _ran(self, command: str, stdin: bytes, seconds: float, most: int) -> Ran:
        if self._connection is None or self._connection.is_closed():
            self._connection = await log_in(self._account, min(_LOG_IN_SECONDS, seconds))
        place = f"{self._account['host']}:{self._account.get('port') or 22}"
        try:
            process = await self._connection.create_process(command, encoding=None, stdin=asyncssh.PIPE)
        except asyncssh.ChannelOpenError as error:
            raise SshRefused(f"{place} runs no command: {error.reason}.", "Check what the user may do.") from None
        except (asyncssh.Error, OSError) as error:
            raise unavailable(place, error) from None
        stdout, stderr = Kept(most), Kept(most)
        try:
            work = asyncio.gather(_given(process, stdin), stdout.read(process.stdout), stderr.read(process.stderr))
            await asyncio.wait_for(_ended(process, work), seconds)
        except TimeoutError:
            await self._end(process)
            return Ran(stdout, stderr, None, "", in_time=False)
        except (asyncssh.Error, OSError) as error:
            raise unavailable(place, error) from None
        process.close()
        signal = process.exit_signal[0] if process.exit_signal else ""
        return Ran(stdout, stderr, None if signal else process.exit_status, signal, in_time=True)

    async def _end(self, process: Any) -> None:
        """End a command that took too long, and the connection: what it still sends belongs to nobody."""
        try:
            process.terminate()
            process.close()
            await asyncio.wait_for(process.wait_closed(), _END_SECONDS)
        except (asyncssh.Error, OSError, TimeoutError):
            pass
        if self._connection is not None:
            self._connection.abort()
            self._connection = None


async def _ended(process: Any, work: "asyncio.Future[Any]") -> None:
    """Wait until a command has ended and its outputs are read.

    What it left running in the background may hold the outputs open for ever: it ends a moment after its exit status.
    """
    closed = asyncio.ensure_future(asyncio.gather(work, process.wait_closed()))
    try:
        while not closed.done():
            await asyncio.wait([closed], timeout=_LOOK_SECONDS)
            if not closed.done() and process.exit_status is not None:
                await asyncio.wait([closed], timeout=_LEFT_SECONDS)
                break
        if closed.done():
            closed.result()
    finally:
        closed.cancel()
        await asyncio.gather(closed, return_exceptions=True)


async def _given(process: Any, stdin: bytes) -> None:
    """Write the input in pieces; a command that reads none, or not all of it, is fine."""
    try:
        for start in range(0, len(stdin), _CHUNK):
            process.stdin.write(stdin[start : start + _CHUNK])
            await process.stdin.drain()
        process.stdin.write_eof()
    except (BrokenPipeError, ConnectionResetError):
        return
