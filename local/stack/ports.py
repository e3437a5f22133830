"""Free ports, and taken ones, said before anything starts."""

import errno
import socket
from collections.abc import Iterable

import psutil

from local.settings import HOST
from local.stack.part import Part, PartError


def free_port() -> int:
    """Return a port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


def check_free(parts: Iterable[Part]) -> None:
    """Raise PartError naming every port that is taken, by whom, and the variable that moves it."""
    taken = [
        f"port {port} for {part.name} is taken{_holder(port)}; end that process or set {variable} to another port"
        for part in parts
        for port, variable in part.ports.items()
        if not _is_free(port)
    ]
    if taken:
        raise PartError("\n  ".join(["cannot start:", *taken]) + "\n  (`make down` ends a Stepweave that still runs.)")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno == errno.EACCES:
                raise PartError(f"port {port} needs privileges; choose one above 1023.") from error
            return False
    return True


def _holder(port: int) -> str:
    try:
        for connection in psutil.net_connections("tcp"):
            listens = connection.status == psutil.CONN_LISTEN and connection.laddr and connection.laddr.port == port
            if not listens or not connection.pid:
                continue
            return f" by {psutil.Process(connection.pid).name()} (process {connection.pid})"
    except psutil.Error:
        return ""
    return ""
