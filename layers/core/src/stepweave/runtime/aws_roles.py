"""Roles of AWS that a tenant's keys take on (`sts:AssumeRole`), each asked for once for most of an hour."""

import hashlib
import html
import json
import re
import time
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Final

from stepweave.aws.signing import Credentials
from stepweave.runtime.http_errors import ResponseInvalid

ACTION: Final = "AssumeRole"
VERSION: Final = "2011-06-15"
_SECONDS: Final = 3600
_EARLY: Final = 300.0
_MOST: Final = 64
_KEYS: Final = ("AccessKeyId", "SecretAccessKey", "SessionToken")
_taken: Final[dict[str, tuple[float, Credentials]]] = {}
"""Keys of roles that were taken on, until they end: by a digest of who took which on."""
_lock: Final = Lock()


def role(given: Mapping[str, str], ask: Callable[[dict[str, str]], str], *, fresh: bool = False) -> Credentials:
    """Return the keys of a credential's role.

    Args:
        given: of the credential, all that tells it from others: `roleArn`, `externalId` ("" for none), its keys, ...
        ask: asks STS with the fields of the request, and gives the XML that it answers.
        fresh: whether the role is taken on though it was within the hour.

    Raises:
        ResponseInvalid: what answers is not AWS.
    """
    key = hashlib.sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()
    with _lock:
        ends, known = _taken.get(key, (0.0, None))
    if known is not None and ends > time.monotonic() and not fresh:
        return known
    fields = {
        "RoleArn": given["roleArn"],
        "RoleSessionName": "stepweave",
        "DurationSeconds": str(_SECONDS),
        **({"ExternalId": given["externalId"]} if given["externalId"] else {}),
    }
    made = _keys_in(ask(fields))
    with _lock:
        if len(_taken) >= _MOST:
            _taken.pop(next(iter(_taken)))
        _taken[key] = (time.monotonic() + _SECONDS - _EARLY, made)
    return made


def texts(xml: str, name: str) -> list[str]:
    """Return the texts of all elements of a name in an answer, which hold no others."""
    return [html.unescape(found) for found in re.findall(rf"<{name}>([^<]*)</{name}>", xml)]


def _keys_in(xml: str) -> Credentials:
    found = [texts(xml, name)[:1] for name in _KEYS]
    if not all(found):
        raise ResponseInvalid("What answers to sts:AssumeRole is not AWS.", "Check the endpoint in the credential.")
    return Credentials(*(one[0] for one in found))
