"""FTP and FTPS (explicit TLS), by Python's own library."""

import contextlib
import ftplib
import re
import socket
import ssl
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from functions.nodes.files.file_server.errors import (
    FileServerRefused,
    FileServerUnavailable,
    ServerFileExists,
    ServerFileNotFound,
)
from functions.nodes.files.file_server.server import Found, Type, Write, joined
from stepweave.runtime.errors import CredentialMissing, NodeError
from stepweave.runtime.network import addresses_of

T = TypeVar("T")
_SECONDS: Final = 30.0
_PIECE: Final = 256 * 1024
_UNIX: Final = re.compile(r"([-dlbcps])\S{9}\S?\s+\d+\s+\S+\s+\S+\s+(\d+)\s+([A-Za-z]{3}\s+\d+\s+[\d:]+)\s(.+)")
_WINDOWS: Final = re.compile(r"(\d\d-\d\d-\d\d(?:\d\d)?\s+\d\d:\d\d(?:AM|PM)?)\s+(<DIR>|\d+)\s+(.+)")
_KINDS: Final[dict[str, Type]] = {"file": "file", "dir": "folder", "-": "file", "d": "folder", "l": "link"}
_GONE: Final = ("not found", "no such", "doesn't exist", "does not exist", "cannot find", "can't find", "not exist")
_THERE: Final = ("exists", "already")


class _Plain(ftplib.FTP):
    """FTP whose data goes to the server that was connected to, whatever address it says, where the port is allowed."""

    trust_server_pasv_ipv4_address = False

    def makepasv(self) -> tuple[str, int]:
        host, port = super().makepasv()
        return addresses_of(host, port)[0], port


class _Tls(_Plain, ftplib.FTP_TLS):
    """FTPS whose data connections go on with the session of the first, as many servers demand."""

    def ntransfercmd(self, cmd: str, rest: int | str | None = None) -> tuple[socket.socket, int | None]:
        connection, size = ftplib.FTP.ntransfercmd(self, cmd, rest)  # noqa: S321 - it is wrapped here
        if getattr(self, "_prot_p", False):
            session = self.sock.session if isinstance(self.sock, ssl.SSLSocket) else None
            connection = self.context.wrap_socket(connection, server_hostname=self.host, session=session)
        return connection, size


class Ftp:
    """A server with whom a user is logged in."""

    def __init__(self, account: Mapping[str, Any], remaining: Callable[[], float]) -> None:
        host, port = str(account.get("host") or ""), int(account.get("port") or 21)
        if not host:
            raise CredentialMissing("The credential names no host.", "Complete it.")
        self._place = f"{host}:{port}"
        self._has_list = True
        address = addresses_of(host, port)[0]
        seconds = min(_SECONDS, remaining())
        secure = account.get("security", "tls") == "tls"
        self._ftp: ftplib.FTP = _Tls(context=_context(account)) if secure else _Plain()
        self._ftp.encoding = "utf-8"
        try:
            self._done("/", lambda: self._log_in(account, host, address, port, seconds))
        except BaseException:
            self._ftp.close()
            raise

    def _log_in(self, account: Mapping[str, Any], host: str, address: str, port: int, seconds: float) -> None:
        self._ftp.connect(address, port, timeout=seconds)
        self._ftp.host = host  # the certificate is of the name
        user, password = str(account.get("user") or "anonymous"), str(account.get("password") or "")
        if any(sign in user + password for sign in "\r\n\0"):
            raise CredentialMissing("User or password hold a line break.", "Write them again.")
        self._ftp.login(user, password)  # with TLS, encrypted before
        if isinstance(self._ftp, ftplib.FTP_TLS):
            self._ftp.prot_p()
        with contextlib.suppress(ftplib.Error):  # who does not know it takes UTF-8, or no names but ASCII
            self._ftp.sendcmd("OPTS UTF8 ON")

    def folder(self, path: str) -> list[Found]:
        """Return what is in a folder."""
        if self._has_list:
            try:
                return self._done(path, lambda: self._listed(path))
            except _NoList:
                self._has_list = False
        lines: list[str] = []
        self._done(path, lambda: self._ftp.cwd(path) if path else "")
        home = self._done(path, self._ftp.pwd)
        self._done(path, lambda: self._ftp.retrlines("LIST", lines.append))
        found = [one for one in (_line(line, path or home) for line in lines) if one is not None]
        self._done(path, lambda: self._ftp.cwd("/"))
        return found

    def _listed(self, path: str) -> list[Found]:
        try:
            entries = list(self._ftp.mlsd(path, ["type", "size", "modify"]))
        except ftplib.error_perm as error:
            if str(error)[:3] in ("500", "501", "502", "504"):
                raise _NoList from None
            raise
        return [
            Found(joined(path, name), _KINDS.get(facts.get("type", "").lower(), "other"), _size(facts), _moment(facts))
            for name, facts in entries
            if facts.get("type", "").lower() not in ("cdir", "pdir") and name not in (".", "..", "")
        ]

    def look(self, path: str) -> Found | None:
        """Return what is at a path; None for nothing."""
        folder, _, name = path.rstrip("/").rpartition("/")
        above = folder or ("/" if path.startswith("/") else ".")
        if not name:
            return Found(path, "folder")
        try:
            return next((one for one in self.folder(above) if one.path.rpartition("/")[2] == name), None)
        except ServerFileNotFound:
            return None

    def download(self, path: str, write: Write) -> int | None:
        """Give a file's bytes to `write`."""

        def read() -> int | None:
            self._ftp.voidcmd("TYPE I")
            connection, size = self._ftp.ntransfercmd(f"RETR {path}")
            with connection:
                while piece := connection.recv(_PIECE):
                    write(piece)
            self._ftp.voidresp()
            return size

        return self._done(path, read)

    def upload(self, path: str, pieces: Iterable[bytes]) -> None:
        """Write a file."""

        def written() -> None:
            self._ftp.voidcmd("TYPE I")
            connection, _ = self._ftp.ntransfercmd(f"STOR {path}")
            try:
                with connection:
                    for piece in pieces:
                        connection.sendall(piece)
                    if isinstance(connection, ssl.SSLSocket):
                        _unwrapped(connection)
            except BaseException:
                with contextlib.suppress(
                    ftplib.Error, OSError, EOFError
                ):  # else the next command would get this one's answer
                    self._ftp.voidresp()
                raise
            self._ftp.voidresp()

        self._done(path, written)

    def move(self, path: str, to: str, *, replace: bool) -> None:
        """Rename a file or folder."""
        there = self.look(to)
        if there is not None and not replace:
            raise ServerFileExists(f"{to[:300]} is there already on {self._place}.", "Choose another path.")
        try:
            self._done(path, lambda: self._ftp.rename(path, to))
        except (FileServerRefused, ServerFileExists):
            if there is None or there.type != "file":
                raise
            self.remove(to)  # some servers rename onto nothing
            self._done(path, lambda: self._ftp.rename(path, to))

    def remove(self, path: str) -> None:
        """Delete a file."""
        self._done(path, lambda: self._ftp.delete(path))

    def remove_folder(self, path: str) -> None:
        """Delete an empty folder."""
        self._done(path, lambda: self._ftp.rmd(path))

    def make_folder(self, path: str) -> None:
        """Make a folder."""
        self._done(path, lambda: self._ftp.mkd(path))

    def close(self) -> None:
        """Log out."""
        self._ftp.close()

    def _done(self, path: str, work: Callable[[], T]) -> T:
        try:
            return work()
        except ftplib.error_perm as error:
            raise self._refused(path, str(error)) from None
        except ssl.SSLCertVerificationError as error:
            raise FileServerRefused(
                f"The certificate of {self._place} is not to be trusted: {error.verify_message}.",
                "Put the authority's certificate into the credential, or have the server's mended.",
            ) from None
        except (ftplib.Error, OSError, EOFError) as error:
            words = " ".join(str(error).split())[:300] or "it ended the connection"
            raise FileServerUnavailable(f"The connection to {self._place} broke: {words}.", "Try again.") from None

    def _refused(self, path: str, words: str) -> NodeError:
        said = " ".join(words.split())[:300].rstrip(".")
        if words[:3] == "550" and any(part in words.lower() for part in _GONE):
            return ServerFileNotFound(f"There is no {path[:300]} on {self._place}: {said}.", "Check the path.")
        if any(part in words.lower() for part in _THERE):
            return ServerFileExists(f"{path[:300]} is there already: {said}.", "Choose another path.")
        if words[:3] == "530":
            return FileServerRefused(f"{self._place} does not let the user in: {said}.", "Check user and password.")
        return FileServerRefused(
            f"{self._place} refused {path[:300]}: {said}.", "Check the path and what the user may do there."
        )


class _NoList(Exception):
    """The server has no machine-readable list (RFC 3659)."""


def _context(account: Mapping[str, Any]) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cadata=str(account.get("certificate") or "") or None)
    except ssl.SSLError:
        raise CredentialMissing("The credential's certificate is no PEM text.", "Paste the whole text.") from None


def _unwrapped(connection: ssl.SSLSocket) -> None:
    try:
        connection.unwrap()
    except OSError:  # the server closed it first
        return


def _size(facts: Mapping[str, str]) -> int | None:
    text = facts.get("size", "")
    return int(text) if facts.get("type", "").lower() == "file" and text.isdecimal() else None


def _moment(facts: Mapping[str, str]) -> float | None:
    try:
        return datetime.strptime(facts.get("modify", "")[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None


def _line(line: str, folder: str) -> Found | None:
    if found := _UNIX.fullmatch(line):
        kind = _KINDS.get(found[1], "other")
        name = found[4].partition(" -> ")[0] if kind == "link" else found[4]
        return (
            None
            if name in (".", "..")
            else Found(joined(folder, name), kind, int(found[2]) if kind == "file" else None)
        )
    if found := _WINDOWS.fullmatch(line):
        is_folder = found[2] == "<DIR>"
        return Found(joined(folder, found[3]), "folder" if is_folder else "file", None if is_folder else int(found[2]))
    return None
