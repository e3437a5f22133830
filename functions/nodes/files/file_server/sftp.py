"""SFTP, by asyncssh."""

import asyncio
import stat
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, Final, TypeVar, cast

import asyncssh
from asyncssh import SFTPError

from functions.nodes.files.file_server.errors import (
    FileServerRefused,
    FileServerUnavailable,
    ServerFileExists,
    ServerFileNotFound,
)
from functions.nodes.files.file_server.server import Found, Type, Write, joined
from stepweave.runtime.errors import NodeError
from stepweave.runtime.ssh import log_in

T = TypeVar("T")
_LOG_IN_SECONDS: Final = 30.0
_PIECE: Final = 1024 * 1024
_TYPES: Final[dict[int, Type]] = {
    asyncssh.FILEXFER_TYPE_REGULAR: "file",
    asyncssh.FILEXFER_TYPE_DIRECTORY: "folder",
    asyncssh.FILEXFER_TYPE_SYMLINK: "link",
}


class Sftp:
    """A server with whom a user is logged in."""

    def __init__(self, account: Mapping[str, Any], remaining: Callable[[], float]) -> None:
        self._place = f"{account['host']}:{account.get('port') or 22}"
        self._remaining = remaining
        self._runner = asyncio.Runner()
        self._connection: asyncssh.SSHClientConnection | None = None
        try:
            self._client: asyncssh.SFTPClient = self._done("/", lambda: self._opened(account))
        except BaseException:
            self.close()
            raise

    async def _opened(self, account: Mapping[str, Any]) -> asyncssh.SFTPClient:
        self._connection = await log_in(account, min(_LOG_IN_SECONDS, self._remaining()))
        return await self._connection.start_sftp_client()

    def folder(self, path: str) -> list[Found]:
        """Return what is in a folder."""
        names = self._done(path, lambda: self._client.readdir(path))
        return [
            _found(joined(path, str(one.filename)), one.attrs) for one in names if str(one.filename) not in (".", "..")
        ]

    def look(self, path: str) -> Found | None:
        """Return what is at a path; None for nothing."""
        try:
            return _found(path, self._done(path, lambda: self._client.stat(path)))
        except ServerFileNotFound:
            return None

    def download(self, path: str, write: Write) -> int | None:
        """Give a file's bytes to `write`."""

        async def read() -> int | None:
            async with self._client.open(path, "rb") as file:
                attributes = await file.stat()
                while piece := await file.read(_PIECE):
                    write(cast("bytes", piece))  # of a file that is opened so

                return attributes.size

        return self._done(path, read)

    def upload(self, path: str, pieces: Iterable[bytes]) -> None:
        """Write a file."""

        async def written() -> None:
            async with self._client.open(path, "wb") as file:
                held = bytearray()
                for piece in pieces:  # many at a time: each write waits for the server's answer
                    held += piece
                    if len(held) >= _PIECE:
                        await file.write(bytes(held))
                        held.clear()
                await file.write(bytes(held))

        self._done(path, written)

    def move(self, path: str, to: str, *, replace: bool) -> None:
        """Rename a file or folder."""

        async def moved() -> None:
            if replace:
                try:
                    await self._client.posix_rename(path, to)
                except asyncssh.SFTPOpUnsupported:
                    if await self._client.isfile(to):
                        await self._client.remove(to)
                    await self._client.rename(path, to)
            else:
                await self._client.rename(path, to)

        self._done(path, moved)

    def remove(self, path: str) -> None:
        """Delete a file."""
        self._done(path, lambda: self._client.remove(path))

    def remove_folder(self, path: str) -> None:
        """Delete an empty folder."""
        self._done(path, lambda: self._client.rmdir(path))

    def make_folder(self, path: str) -> None:
        """Make a folder."""
        self._done(path, lambda: self._client.mkdir(path))

    def close(self) -> None:
        """Log out."""
        if self._connection is not None:
            self._connection.abort()
        self._runner.close()

    def _done(self, path: str, work: Callable[[], Awaitable[T]]) -> T:
        async def done() -> T:
            return await work()

        try:
            return self._runner.run(done())
        except NodeError:
            raise
        except SFTPError as error:
            raise self._refused(path, error) from None
        except (asyncssh.Error, OSError, TimeoutError) as error:
            words = " ".join(str(getattr(error, "reason", "") or error).split())[:300] or "it took too long"
            raise FileServerUnavailable(f"The connection to {self._place} broke: {words}.", "Try again.") from None

    def _refused(self, path: str, error: SFTPError) -> NodeError:
        words = " ".join(str(error.reason).split())[:300] or type(error).__name__
        if isinstance(error, asyncssh.SFTPNoSuchFile | asyncssh.SFTPNoSuchPath):
            return ServerFileNotFound(f"There is no {path[:300]} on {self._place}.", "Check the path.")
        if isinstance(error, asyncssh.SFTPFileAlreadyExists):
            return ServerFileExists(f"{path[:300]} is there already on {self._place}.", "Choose another path.")
        if isinstance(error, asyncssh.SFTPConnectionLost | asyncssh.SFTPNoConnection):
            return FileServerUnavailable(f"The connection to {self._place} broke: {words}.", "Try again.")
        return FileServerRefused(
            f"{self._place} refused {path[:300]}: {words}.", "Check the path and what the user may do there."
        )


def _found(path: str, attributes: asyncssh.SFTPAttrs) -> Found:
    kind = _TYPES.get(attributes.type, "other")
    if attributes.permissions is not None and kind == "other":  # servers of SFTP 3 say it with the rights
        mode = attributes.permissions
        kind = "folder" if stat.S_ISDIR(mode) else "link" if stat.S_ISLNK(mode) else kind
        kind = "file" if stat.S_ISREG(mode) else kind
    return Found(path, kind, attributes.size if kind == "file" else None, attributes.mtime)
