"""Keys that an issuer of tokens publishes at a URL (JWKS, RFC 7517), for tokens that name theirs by `kid`.

Only public keys for signatures count, each for its own algorithms: a shared secret in the set, a key for encryption and
what a token's header brings or points to (`jwk`, `jku`, `x5c`, `x5u`) are never taken (RFC 8725). Needs the layer
`crypto`, of which nothing is imported before a key is.
"""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from stepweave.runtime.errors import NodeError
from stepweave.runtime.http_errors import ResponseInvalid
from stepweave.runtime.network import private_allowed

KEPT_SECONDS: Final = 300.0
"""How long a worker keeps a set."""
AGAIN_SECONDS: Final = 30.0
"""Between two requests for one set: who sends tokens with invented keys makes nobody ask more often."""
STALE_SECONDS: Final = 3600.0
"""How long a set counts that cannot be had anew."""
MOST_SETS: Final = 100
MOST_KEYS: Final = 200
_MOST_MB: Final = 1
_LEAST_RSA_BITS: Final = 2048
_RSA: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")
_BY_CURVE: Final = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512", "Ed25519": "EdDSA", "Ed448": "EdDSA"}


class KeyUnknown(ValueError):
    """A token is of none of the issuer's keys. `str()` says which it names, for people."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key of a set.

    Attributes:
        id: its `kid`; None where it has none.
        key: one of `cryptography`.
        algorithms: that it is for, as the set says, or by its kind where that says nothing.
    """

    id: str | None
    key: Any
    algorithms: tuple[str, ...]


@dataclass(slots=True)
class _Kept:
    keys: tuple[PublicKey, ...]
    until: float
    stale: float
    again: float
    failure: NodeError | None = None


class KeySets:
    """Fetches sets and remembers them for a short while."""

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}

    def key_for(self, url: str, header: Mapping[str, Any], *, deadline: float) -> PublicKey:
        """Return the key that a token is to be verified with.

        A key that is not there has the set asked for once more: issuers change their keys.

        Args:
            url: of the set.
            header: of the token, of which its `kid` counts, and `alg` where several keys share that. Without `kid` the
                set must have one key only.
            deadline: on the clock of `time.monotonic`.

        Raises:
            KeyUnknown: there is no such key.
            ResponseInvalid: the URL answers with no set, with a redirect, or is not encrypted.
            NodeError: what `stepweave.runtime.http` raises where it cannot be had.
        """
        id, algorithm = header.get("kid"), str(header.get("alg"))
        kept = self._current(url, deadline)
        found = _chosen(kept.keys, id, algorithm)
        if found is None and isinstance(id, str) and time.monotonic() >= kept.again:
            found = _chosen(self._fetched(url, deadline, kept).keys, id, algorithm)
        if found is not None:
            return found
        if id is None:
            raise KeyUnknown(f"It names no key (kid), and its issuer has {len(kept.keys)} of them.")
        raise KeyUnknown(f"Its issuer has no key {json.dumps(id)[:80]}.")

    def _current(self, url: str, deadline: float) -> _Kept:
        kept, now = self._kept.get(url), time.monotonic()
        if kept is not None and now < kept.until:
            return kept
        if kept is not None and now < kept.again:
            if kept.failure is not None and now >= kept.stale:
                raise kept.failure
            return kept
        return self._fetched(url, deadline, kept)

    def _fetched(self, url: str, deadline: float, former: _Kept | None) -> _Kept:
        """Return the set as it is now; the former one where it cannot be had, and is not too old."""
        now = time.monotonic()
        try:
            keys = keys_of(_content(url, deadline), url)
        except NodeError as error:
            again = now + AGAIN_SECONDS / 3
            kept = self._keep(url, former or _Kept((), 0.0, 0.0, again))
            kept.again, kept.failure = again, error
            if now >= kept.stale:
                raise
            return kept
        return self._keep(url, _Kept(keys, now + KEPT_SECONDS, now + STALE_SECONDS, now + AGAIN_SECONDS))

    def _keep(self, url: str, kept: _Kept) -> _Kept:
        self._kept.pop(url, None)
        while len(self._kept) >= MOST_SETS:
            self._kept.pop(next(iter(self._kept)))
        self._kept[url] = kept
        return kept


def keys_of(content: bytes, url: str) -> tuple[PublicKey, ...]:
    """Return the keys of a set that signatures can be verified with. Raises ResponseInvalid: it is no set."""
    try:
        told = json.loads(content)
    except (ValueError, RecursionError):
        told = None
    entries = told.get("keys") if isinstance(told, dict) else None
    if not isinstance(entries, list):
        raise ResponseInvalid(
            f"{url} answered with no set of keys (JWKS).",
            'Look for the issuer\'s jwks_uri: it answers with {"keys": [...]}, and stands in its openid-configuration.',
        )
    found = (_key(entry) for entry in entries[:MOST_KEYS] if isinstance(entry, dict))
    return tuple(key for key in found if key is not None)


def _key(entry: dict[str, Any]) -> PublicKey | None:
    import jwt
    from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa

    kind, id, uses = entry.get("kty"), entry.get("kid"), entry.get("key_ops")
    if kind not in ("RSA", "EC", "OKP") or entry.get("use", "sig") != "sig" or not isinstance(id, str | None):
        return None
    if uses is not None and not (isinstance(uses, list) and "verify" in uses):
        return None
    possible = _RSA if kind == "RSA" else tuple(filter(None, (_BY_CURVE.get(str(entry.get("crv"))),)))
    said = entry.get("alg")
    algorithms = possible if said is None else tuple(name for name in possible if name == said)
    if not algorithms:
        return None
    public = {name: value for name, value in entry.items() if name not in ("d", "p", "q", "dp", "dq", "qi", "oth")}
    try:
        key: Any = jwt.PyJWK(public, algorithms[0]).key
    except (jwt.PyJWTError, ValueError, TypeError, KeyError, AttributeError, OverflowError):
        return None
    kinds = (rsa.RSAPublicKey, ec.EllipticCurvePublicKey, ed25519.Ed25519PublicKey, ed448.Ed448PublicKey)
    if not isinstance(key, kinds) or (isinstance(key, rsa.RSAPublicKey) and key.key_size < _LEAST_RSA_BITS):
        return None
    return PublicKey(id, key, algorithms)


def _chosen(keys: Sequence[PublicKey], id: Any, algorithm: str) -> PublicKey | None:
    """Return the key of an id; of several that share it, the one for the token's algorithm."""
    if id is None:
        return keys[0] if len(keys) == 1 else None
    named = [key for key in keys if key.id == id]
    return next((key for key in named if algorithm in key.algorithms), named[0] if named else None)


def _content(url: str, deadline: float) -> bytes:
    # Imported here: with urllib3 it belongs to the first set, not to the start of the function.
    from stepweave.runtime.http.client import send
    from stepweave.runtime.http.reading import Arrived
    from stepweave.runtime.http.request import Headers, Request
    from stepweave.runtime.http.url import target_of

    target = target_of(url)
    if target.scheme != "https" and not private_allowed():
        raise ResponseInvalid(
            f"{url} is not encrypted: anybody on the way could put keys in.", "Use its https address."
        )
    headers = Headers({"accept": ["application/jwk-set+json, application/json"], "user-agent": ["Stepweave/1"]})
    response, target = send(Request("GET", target, headers, None), deadline=deadline, follow_redirects=False)
    with Arrived(response, target, deadline) as arrived:
        if arrived.status >= 400:
            raise arrived.refusal()
        if arrived.status != 200:
            words = f"{url} answered with status {arrived.status} in place of keys."
            raise ResponseInvalid(words, "Give the address that it leads to: keys are taken from no other.")
        return arrived.content(_MOST_MB)
