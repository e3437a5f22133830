"""Takes compressed bodies apart as they arrive, and notices when one breaks off: urllib3 would give back half of it."""

import zlib
from collections.abc import Iterator
from typing import Final

_GZIP: Final = frozenset({"gzip", "x-gzip"})
_UNKNOWN: Final = frozenset({"br", "zstd", "compress", "x-compress", "dcb", "dcz"})
"""Codings that there are (IANA, "HTTP Content Coding Registry") and that nothing here can take apart."""
_GZIP_MAGIC: Final = b"\x1f\x8b"
_PIECE: Final = 256 * 1024


class CannotUnpack(ValueError):
    """A body is not what its content encoding says. `str()` says how."""


def codings_of(content_encoding: str) -> list[str]:
    """Return the compressions that a header names, in the order in which they were applied.

    What is no compression (`identity`, `utf-8`) is left out, as browsers do.

    Raises:
        CannotUnpack: one of them cannot be taken apart here.
    """
    named = [name.strip().lower() for name in content_encoding.split(",")]
    if unknown := next((name for name in named if name in _UNKNOWN), ""):
        raise CannotUnpack(f"it is compressed with {unknown}, which was not asked for and cannot be unpacked")
    return [name for name in named if name in _GZIP or name == "deflate"]


def unpacked(chunks: Iterator[bytes], codings: list[str]) -> Iterator[bytes]:
    """Yield what is in a compressed body, in pieces that a small body cannot blow up at once.

    Raises:
        CannotUnpack: it is not compressed so, or breaks off.
    """
    for coding in reversed(codings):
        chunks = _gunzipped(chunks) if coding in _GZIP else _inflated(chunks)
    return chunks


def _gunzipped(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Take apart gzip: one member after the other; zeros or other bytes behind the last do not count (RFC 1952)."""
    unpack, begun, held = zlib.decompressobj(16 + zlib.MAX_WBITS), False, b""
    for chunk in chunks:
        data = held + chunk
        held = b""
        while data:
            if unpack.eof:
                if len(data) < len(_GZIP_MAGIC):
                    held = data
                    break
                if not data.startswith(_GZIP_MAGIC):
                    return
                unpack = zlib.decompressobj(16 + zlib.MAX_WBITS)
            begun = True
            yield _step(unpack, data, "gzip")
            data = unpack.unconsumed_tail or unpack.unused_data
    if begun and not unpack.eof:
        raise CannotUnpack("its gzip data breaks off")


def _inflated(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Take apart deflate: in zlib's wrapping as the standard wants it, or bare as some servers send it."""
    unpack, begun = zlib.decompressobj(), False
    for chunk in chunks:
        data = chunk
        while data and not unpack.eof:
            if not begun and not _has_zlib_header(data):
                unpack = zlib.decompressobj(-zlib.MAX_WBITS)
            begun = True
            yield _step(unpack, data, "deflate")
            data = unpack.unconsumed_tail
    if begun and not unpack.eof:
        raise CannotUnpack("its deflate data breaks off")


def _has_zlib_header(data: bytes) -> bool:
    """Whether data begins as RFC 1950, section 2.2 says; of one byte alone its method tells."""
    return data[0] & 0x0F == 8 and (len(data) < 2 or (data[0] * 256 + data[1]) % 31 == 0)


def _step(unpack: "zlib._Decompress", data: bytes, coding: str) -> bytes:
    try:
        return unpack.decompress(data, _PIECE)
    except zlib.error as error:
        raise CannotUnpack(f"it says it is {coding} and is not ({error})") from None
