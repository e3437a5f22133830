"""Large files, piece by piece, to an address that Graph gives for it (upload session).

See learn.microsoft.com/graph/outlook-large-attachments. The credential does not go there: the address is the secret.
"""

import time
from collections.abc import Iterator
from typing import Final

from functions.nodes.apps.microsoft.refusals import told
from stepweave.runtime.http.client import send
from stepweave.runtime.http.reading import Arrived
from stepweave.runtime.http.request import Headers, Request
from stepweave.runtime.http.told import refusal_of
from stepweave.runtime.http.url import target_of
from stepweave.spec.operation_files import SentFile

PART_BYTES: Final = 12 * 320 * 1024
"""A multiple of 320 KiB below 4 MB."""
_SECONDS: Final = 60.0


def upload(url: str, file: SentFile) -> None:
    """Send a file. Raises what `HTTP_ERRORS` names, DataMissing, StorageUnavailable."""
    start = 0
    for part in _parts(file):
        end = start + len(part) - 1
        headers = Headers({"user-agent": ["Stepweave/1"], "content-type": ["application/octet-stream"]})
        headers["content-range"] = [f"bytes {start}-{end}/{file.size}"]
        request = Request("PUT", target_of(url), headers, part)
        deadline = time.monotonic() + _SECONDS
        response, came_from = send(request, deadline=deadline, follow_redirects=False)
        with Arrived(response, came_from, deadline, "PUT") as arrived:
            if arrived.status >= 300:
                raise refusal_of(arrived, told)
        start = end + 1


def _parts(file: SentFile) -> Iterator[bytes]:
    held = bytearray()
    for piece in file.chunks():
        held += piece
        while len(held) >= PART_BYTES:
            yield bytes(held[:PART_BYTES])
            del held[:PART_BYTES]
    if held:
        yield bytes(held)
