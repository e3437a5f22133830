"""imaplib's client with a checked address, TLS as the credential says, and an end to what a server may send."""

import imaplib
import socket
import ssl
from collections.abc import Sequence
from typing import Final

from stepweave.model.sizes import size_text

MOST_LITERAL: Final = 64 * 1024 * 1024
"""Bytes of one literal: imaplib reads it whole. No mail is longer that is read (`stepweave.spec.mails.MOST_MB`)."""
MOST_BYTES: Final = 512 * 1024 * 1024
"""Bytes of one connection, after which a server is taken for one that never ends."""


class Client(imaplib.IMAP4):
    """Connects to the first of some checked addresses that answers, and names the host where its name counts."""

    def __init__(self, host: str, port: int, addresses: Sequence[str], context: ssl.SSLContext | None, seconds: float):
        self._addresses, self._context, self._taken = addresses, context, 0
        super().__init__(host, port, timeout=seconds)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        failure: OSError | None = None
        for address in self._addresses:
            try:
                plain = socket.create_connection((address, self.port), timeout)
            except OSError as error:
                failure = failure or error
                continue
            if self._context is None:
                return plain
            try:
                return self._context.wrap_socket(plain, server_hostname=self.host)
            except BaseException:
                plain.close()
                raise
        raise failure or OSError("no address")

    def read(self, size: int) -> bytes:
        """Return so many bytes of a literal. Raises `abort`: it is larger than any mail."""
        self._count(size, size > MOST_LITERAL)
        content = super().read(size)
        if len(content) != size:
            raise self.abort("the connection ended in the middle of a mail")
        return content

    def readline(self) -> bytes:
        """Return a line. Raises `abort`: the server never ends."""
        line = super().readline()
        self._count(len(line))
        return line

    def _count(self, size: int, too_large: bool = False) -> None:
        self._taken += size
        if too_large or self._taken > MOST_BYTES:
            raise self.abort(f"it sends more than anybody asked for ({size_text(self._taken)})")
