"""URLs: which ones can be asked, and how they are written on the wire.

One rule for what stands in a URL: a percent sign with two hexadecimal digits behind it is an escape and stays; every
other percent sign, and every character that a URL cannot have, is escaped as UTF-8. So nothing is escaped twice.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from ipaddress import IPv6Address
from typing import Final
from urllib.parse import quote

from stepweave.model.json_text import mended_text
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.hosts import BadHost, ascii_host

_PORTS: Final = {"http": 80, "https": 443}
_MOST_PORT: Final = 65535
_URL: Final = re.compile(r"(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#.*)?", re.DOTALL)
"""RFC 3986, appendix B: scheme, authority, path, query; the fragment is the client's own and never sent."""
_AUTHORITY: Final = re.compile(r"(?:\[([^\[\]]*)\]|([^:\[\]]*))(?::([^:]*))?")
_HOST: Final = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_PATH: Final = "A-Za-z0-9._~!$&'()*+,;=:@/-"
"""What a path may have besides escapes (RFC 3986, section 3.3); a query may also have question marks."""
_ESCAPED: Final = {
    part: re.compile(rf"%(?![0-9A-Fa-f]{{2}})|[^%{allowed}]+")
    for part, allowed in (("path", _PATH), ("query", "?" + _PATH))
}
_SHOWN: Final = 200
CREDENTIAL: Final = "{credential}"
"""The place in a path where a credential stands whose provider wants it there."""
_ESCAPED_CREDENTIAL: Final = quote(CREDENTIAL, safe="")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes: the parts of a URL, percent-encoded; `secret` is what of its path nobody may be told."""

    scheme: str
    host: str
    port: int
    path: str
    secret: str = field(default="", repr=False)

    @property
    def origin(self) -> tuple[str, str, int]:
        """What two URLs share that belong to one server."""
        return self.scheme, self.host, self.port

    @property
    def authority(self) -> str:
        """The `Host` header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The whole URL."""
        return f"{self.scheme}://{self.authority}{self.path}"

    def __str__(self) -> str:
        """Return the URL without its query, which may hold a secret, and without the one in its path."""
        shown = self.url.partition("?")[0]
        return shown.replace(self.secret, CREDENTIAL) if self.secret else shown

    def with_credential(self, path: str) -> "Target":
        """Return the target with a credential at the place in its path that is for one."""
        whole, mark, query = self.path.partition("?")
        secret = quote(path, safe="/:~")
        return replace(self, path=whole.replace(_ESCAPED_CREDENTIAL, secret) + mark + query, secret=secret)

    @property
    def wants_credential(self) -> bool:
        """Whether its path has a place for a credential."""
        return _ESCAPED_CREDENTIAL in self.path.partition("?")[0]


def target_of(url: str, query: Sequence[tuple[str, str]] = ()) -> Target:
    """Return the target of a URL with query parameters added, in which everything but letters and digits is escaped.

    Raises:
        ParameterInvalid: it is not an absolute http or https URL.
    """
    url = mended_text(url.strip(" \t\r\n"))
    if found := _CONTROL.search(url):
        what = "a line break" if found[0] in "\r\n" else f"the control character U+{ord(found[0]):04X}"
        raise _bad_url(url, f"it holds {what}")
    parts = _URL.fullmatch(url)
    scheme, authority, path, given = parts.groups() if parts else ("", "", "", "")
    scheme = (scheme or "").lower()
    if scheme not in _PORTS:
        raise _bad_url(url, "it must start with http:// or https://")
    host, port = _host(url, authority or "")
    added = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in query)
    both = "&".join(part for part in (_escaped(given or "", "query"), added) if part)
    whole = _escaped(path or "/", "path") + (f"?{both}" if both else "")
    return Target(scheme, host, port or _PORTS[scheme], whole)


def _escaped(text: str, part: str) -> str:
    return _ESCAPED[part].sub(lambda found: quote(found[0], safe=""), text)


def _host(url: str, authority: str) -> tuple[str, int | None]:
    """Return a host as name servers know it, and the port where one is named."""
    if "@" in authority:
        raise _bad_url(url, "it holds a user name; use a credential instead")
    parts = _AUTHORITY.fullmatch(authority)
    if not authority or parts is None or "\\" in authority:
        raise _bad_url(url, "it names no host")
    literal, name, port = parts.groups()
    if port and not (port.isascii() and port.isdecimal() and 0 < int(port[:6]) <= _MOST_PORT):
        raise _bad_url(url, f"“{port}” is not a port")
    try:
        host = str(IPv6Address(literal)) if literal is not None else ascii_host(name.removesuffix("."))
    except BadHost as error:
        raise _bad_url(url, f"“{name}” is not a host's name ({error})") from None
    except ValueError:
        raise _bad_url(url, f"“[{literal}]” is not an IPv6 address") from None
    if (literal is None and not _HOST.fullmatch(host)) or "%" in host:
        raise _bad_url(url, "it names no host" if not host else f"“{name or host}” names no host")
    return host, int(port) if port else None


def _bad_url(url: str, problem: str) -> ParameterInvalid:
    shown = re.sub(r"//[^/]*@", "//…@", _CONTROL.sub("␣", url.partition("?")[0]))[:_SHOWN]
    return ParameterInvalid(
        f"The URL “{shown}” cannot be used: {problem}.",
        "Write a whole URL, such as https://api.example.com/orders.",
        details={"field": "params.url"},
    )
