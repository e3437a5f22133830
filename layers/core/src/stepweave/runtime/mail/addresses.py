"""From the text of an address field to addresses: `ada@example.com, "Doe, Ada" <ada@example.com>`.

Our own reading of RFC 5322's lists, because that of Python's `email` package differs between the supported versions and
decodes encoded words (RFC 2047), whose line breaks then forge headers. Here all text is text: nothing is decoded.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from stepweave.runtime.hosts import BadHost, ascii_host
from stepweave.runtime.mail.errors import AddressInvalid

_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\U0010ffff-]+"
_DOT_ATOM: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
"""What may stand before the @ without quotes (RFC 5322, section 3.2.3; RFC 6532 adds what is beyond ASCII)."""
_HOST: Final = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[A-Za-z0-9_-]{1,63}(?<!-))*")
_LITERAL: Final = re.compile(r"\[[0-9A-Za-z:.]+\]")
"""A host given by its address: `[192.0.2.1]` (RFC 5321, section 4.1.3)."""
_LONGEST_HOST: Final = 253
_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|\\.|.', re.DOTALL)
_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox. `name` and `local` are plain text: quoting and encoding is for whoever writes them."""

    name: str
    local: str
    domain: str

    @property
    def spec(self) -> str:
        """The address as envelopes and headers have it: `ada@example.com`, `"a..b"@example.com`."""
        local = self.local if _DOT_ATOM.fullmatch(self.local) else quoted(self.local)
        return f"{local}@{self.domain}"


def quoted(text: str) -> str:
    """Return text as a quoted string (RFC 5322, section 3.2.4)."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def addresses_of(text: str, field: str) -> list[Address]:
    """Return the addresses that a field's text names, in its order; those that stand twice once.

    Args:
        text: addresses separated by commas, semicolons too; entries without anything in them do not count.
        field: what the field is called.

    Raises:
        AddressInvalid: something in it is no address.
    """
    found: dict[str, Address] = {}
    for part in _parts(text):
        if part.strip():
            address = _address(part.strip(), field)
            found.setdefault(address.spec, address)
    if text.strip() and not found:
        raise _invalid(text.strip(), field)
    return list(found.values())


def _parts(text: str) -> Iterator[str]:
    """Take a list apart at commas outside quotes, angles and round brackets."""
    part, depth, angle = "", 0, False
    for piece in _TOKEN.findall(text):
        if piece in ",;" and not angle and depth == 0:
            yield part
            part = ""
            continue
        angle = (angle or piece == "<") and piece != ">"
        depth = max(0, depth + (piece == "(") - (piece == ")"))
        part += piece
    yield part


def _address(part: str, field: str) -> Address:
    tokens = _TOKEN.findall(part)
    if '"' in tokens:  # one that is not closed
        raise _invalid(part, field)
    if part.endswith(">") and tokens.count("<") == 1 == tokens.count(">"):
        at = tokens.index("<")
        return _mailbox(_name("".join(tokens[:at])), "".join(tokens[at + 1 : -1]).strip(), part, field)
    if part.endswith(")") and "<" not in tokens:  # ada@example.com (Ada): the name as RFC 822 had it
        at = tokens.index("(") if "(" in tokens else len(tokens)
        return _mailbox("".join(tokens[at + 1 : -1]).strip(), "".join(tokens[:at]).strip(), part, field)
    return _mailbox("", part, part, field)


def _name(text: str) -> str:
    """Return a display name without the quotes around it or in it."""
    plain = _QUOTED.sub(lambda found: re.sub(r"\\(.)", r"\1", found[1], flags=re.DOTALL), text)
    return plain.strip()


def _mailbox(name: str, spec: str, part: str, field: str) -> Address:
    local, at, domain = spec.rpartition("@")
    quotes = _QUOTED.fullmatch(local)
    bare = re.sub(r"\\(.)", r"\1", quotes[1], flags=re.DOTALL) if quotes else local
    # Dots at wrong places need quotes on the wire, which people leave out: a..b@example.com.
    plain = all(_DOT_ATOM.fullmatch(atom) for atom in local.split(".") if atom) and local.strip(".") != ""
    if not at or not bare.isprintable() or not (bare if quotes else plain):
        raise _invalid(part, field)
    if _LITERAL.fullmatch(domain):
        return Address(name, bare, domain)
    try:
        host = ascii_host(domain.removesuffix("."))
    except BadHost:
        raise _invalid(part, field) from None
    if not _HOST.fullmatch(host) or len(host) > _LONGEST_HOST:
        raise _invalid(part, field)
    return Address(name, bare, host)


def _invalid(part: str, field: str) -> AddressInvalid:
    shown = part if len(part) <= _SHOWN else part[:_SHOWN] + "…"
    return AddressInvalid(
        f"{field}: “{shown}” is not an email address.",
        "Write addresses as ada@example.com or Ada <ada@example.com>, separated by commas; a name with a comma in it "
        'stands in quotes: "Doe, Ada" <ada@example.com>.',
        details={"field": field},
    )
