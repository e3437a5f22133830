"""Random values and UUIDs, from the operating system's secure generator."""

import secrets
import time
from typing import Any

from functions.nodes.data.crypto.encodings import encoded
from functions.nodes.data.crypto.spec import Params
from stepweave.runtime.placing import invalid


def random_value(params: Params) -> Any:
    """Return a random text or number. Raises ParameterInvalid where there is nothing to choose from."""
    if params.random_kind == "number":
        if params.lowest > params.highest:
            raise invalid("lowest", f"From is {params.lowest}, which is above {params.highest}.", "Change one of them.")
        return params.lowest + secrets.randbelow(params.highest - params.lowest + 1)
    if params.random_kind != "text":
        return encoded(secrets.token_bytes(params.length), params.random_kind)
    characters = list(dict.fromkeys(params.alphabet))
    if not characters:
        raise invalid("alphabet", "There are no characters to choose from.", "Write some.")
    return "".join(secrets.choice(characters) for _ in range(params.length))


def uuid(version: str) -> str:
    """Return a UUID (RFC 9562): `v4` is random, `v7` begins with the milliseconds since 1970."""
    number = int.from_bytes(secrets.token_bytes(16), "big")
    if version == "v7":
        number = (time.time_ns() // 1_000_000 << 80) | number & (1 << 80) - 1
    number = number & ~(0xF << 76) | int(version[1]) << 76
    number = number & ~(0x3 << 62) | 0x2 << 62
    text = f"{number:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
