"""HTTP's digest authentication (RFC 7616): what a server asks, and the answer to it for each request."""

import hashlib
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from threading import Lock
from typing import Final

from stepweave.runtime.http.bodies import Stream
from stepweave.runtime.http.request import Headers, Request

_ALGORITHMS: Final[Mapping[str, Callable[[bytes], str]]] = {
    "SHA-512-256": lambda data: hashlib.new("sha512_256", data).hexdigest(),
    "SHA-256": lambda data: hashlib.sha256(data).hexdigest(),
    "MD5": lambda data: hashlib.md5(data, usedforsecurity=False).hexdigest(),
}
"""By name, the best first."""
_SCHEME: Final = re.compile(r"(?:^|,)\s*([A-Za-z][\w!#$&+.^`|~-]*)(?=\s+[\w-]+\s*=|\s*(?:,|$))")
_PARAMETER: Final = re.compile(r'([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]*))')


@lru_cache(maxsize=64)
def digest_of(account: tuple[str, str], origin: tuple[str, str, int]) -> "Digest":
    """Return the digest of a user and a password at a server, which remembers what that asked last."""
    return Digest(*account)


class Digest:
    """A user and a password, and what a server asked last. Safe to use from several threads."""

    def __init__(self, user: str, password: str) -> None:
        self._user, self._password = user, password
        self._asked: dict[str, str] = {}
        self._count = 0
        self._lock = Lock()

    def signed(self, request: Request) -> Request:
        """Return a request with the answer to what the server asked; as it is while it has not asked."""
        with self._lock:
            if not self._asked:
                return request
            self._count += 1
            asked, count = self._asked, self._count
        headers = Headers(request.headers)
        headers["authorization"] = [self._answer(asked, count, request)]
        return replace(request, headers=headers, secret_headers=request.secret_headers | {"authorization"})

    def learns(self, headers: Sequence[str], sent: Request) -> bool:
        """Read the headers `www-authenticate` of a 401; return whether to send the request once more.

        It is not where the password itself was refused: the same question came back, and not because it was old.
        """
        for asked in challenges(headers):
            was_answered = f'nonce="{asked["nonce"]}"' in "".join(sent.headers.get("authorization", ()))
            if was_answered and asked.get("stale", "").lower() != "true":
                return False
            with self._lock:
                if self._asked.get("nonce") != asked["nonce"]:
                    self._asked, self._count = asked, 0
            return not was_answered or asked.get("stale", "").lower() == "true"
        return False

    def _answer(self, asked: Mapping[str, str], count: int, request: Request) -> str:
        algorithm = asked["algorithm"]
        digest = _ALGORITHMS[algorithm.removesuffix("-SESS")]
        realm, nonce, path = asked.get("realm", ""), asked["nonce"], request.target.path
        qop, cnonce, number = asked["qop"], secrets.token_hex(16), f"{count:08x}"

        def hashed(*parts: str) -> str:
            return digest(":".join(parts).encode())

        secret = hashed(self._user, realm, self._password)
        if algorithm.endswith("-SESS"):
            secret = hashed(secret, nonce, cnonce)
        what = hashed(request.method, path)
        if qop == "auth-int":
            what = hashed(request.method, path, digest(_bytes_of(request)))
        response = hashed(secret, nonce, number, cnonce, qop, what) if qop else hashed(secret, nonce, what)
        parts = [
            f"username={_quoted(self._user)}",
            f"realm={_quoted(realm)}",
            f"nonce={_quoted(nonce)}",
            f"uri={_quoted(path)}",
            f'response="{response}"',
            f"algorithm={asked['named']}",
        ]
        parts += [f"qop={qop}", f"nc={number}", f'cnonce="{cnonce}"'] if qop else []
        parts += [f"opaque={_quoted(asked['opaque'])}"] if "opaque" in asked else []
        return "Digest " + ", ".join(parts).encode().decode("latin-1")


def challenges(headers: Sequence[str]) -> list[dict[str, str]]:
    """Return what digests a server asks for, the best algorithm first; those that nobody here knows are left out.

    Args:
        headers: `www-authenticate`, each as it came; one may have several schemes in it.
    """
    found: list[dict[str, str]] = []
    for header in headers:
        starts = list(_SCHEME.finditer(header))
        ends = [*(one.start() for one in starts), len(header)][1:]
        for start, end in zip(starts, ends, strict=False):
            if start[1].lower() == "digest":
                found += _challenge(header[start.end() : end])
    order = list(_ALGORITHMS)
    return sorted(found, key=lambda one: order.index(one["algorithm"].removesuffix("-SESS")))


def _challenge(text: str) -> list[dict[str, str]]:
    asked = {name.lower(): re.sub(r"\\(.)", r"\1", quoted) or plain for name, quoted, plain in _PARAMETER.findall(text)}
    asked["named"] = asked.get("algorithm", "MD5")
    asked["algorithm"] = asked["named"].upper()
    offered = [one.strip().lower() for one in asked.get("qop", "").split(",") if one.strip()]
    known = next((one for one in ("auth", "auth-int") if one in offered), "")
    if asked["algorithm"].removesuffix("-SESS") not in _ALGORITHMS or "nonce" not in asked or (offered and not known):
        return []
    return [{**asked, "qop": known}]


def _bytes_of(request: Request) -> bytes:
    body = request.body
    return b"".join(body.open()) if isinstance(body, Stream) else body or b""


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
