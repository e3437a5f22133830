"""Which addresses a node may connect to: public ones only, so that no workflow reaches what lies beside the platform.

A host's name is resolved once, the addresses are checked, and the connection goes to a checked address, not to the
name: a name server that answers differently the second time gains nothing.

On one machine private addresses may be reached, but not where the platform's own servers listen: its API, Postgres,
Redis, the AWS emulator and the inbox. `STEPWEAVE_PLATFORM_ADDRESSES` says where (JSON: what it is, to `host:port`).
"""

import json
import os
import socket
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

from stepweave.runtime.errors import NodeError


class ConnectionFailed(NodeError):
    """The connection was refused or broke, the host has no address, or its certificate is not to be trusted."""

    retryable = True

    @property
    def nowhere(self) -> bool:
        """Whether it is the host's name that has no address."""
        return "host" in self.details


class AddressForbidden(NodeError):
    """The URL leads to a private, loopback, link-local or metadata address, or to one of the platform's own servers."""


_NAT64: Final = IPv6Network("64:ff9b::/96")
"""IPv4 addresses seen through IPv6 (RFC 6052)."""
_PUBLIC_6: Final = IPv6Network("2000::/3")
"""What of IPv6 is given out for the internet; all else is local, or leads to IPv4 (`::/96`, `64:ff9b:1::/48`)."""
_DOCUMENTATION_6: Final = IPv6Network("3fff::/20")
"""Of documents (RFC 9637), which Python 3.11 and 3.12 do not know yet."""
_INSIDE: Final = (
    IPv4Network("192.0.0.0/24"),  # of protocols; Oracle's metadata is there
    IPv4Network("192.88.99.0/24"),  # relays of 6to4
    IPv4Network("168.63.129.16/32"),  # Azure's own, at each of its machines
)
"""What no network but one's own has, though Python counts it as public."""


def private_allowed() -> bool:
    """Return whether this deployment lets nodes reach private addresses: on one machine it must."""
    return os.environ.get("STEPWEAVE_ALLOW_PRIVATE_NETWORK") == "1"


def stand_in_for(url: str) -> str:
    """Return the server that stands in for a provider's on one machine; "" where none does.

    `STEPWEAVE_APP_SERVERS` names it (JSON: a provider's URL to another), for whoever writes an app, and for tests of a
    whole stack. It counts only where private addresses may be asked at all, which is so on no server.
    """
    named = os.environ.get("STEPWEAVE_APP_SERVERS", "")
    return str(json.loads(named).get(url, "")) if named and private_allowed() else ""


def addresses_of(host: str, port: int) -> list[str]:
    """Return the addresses of a host that a node may connect to, at least one.

    Args:
        host: a name or a literal address.
        port: where to connect.

    Raises:
        ConnectionFailed: the name has no address.
        AddressForbidden: all its addresses are private, loopback, link-local or reserved, or a server of the platform
            listens there.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        words = error.strerror if isinstance(error, OSError) else "not a host name"
        raise ConnectionFailed(
            f"The host {host} has no address: {words}.", "Check the host's name.", details={"host": host}
        ) from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if private_allowed():
        return _without_platform(host, port, addresses)
    public = [address for address in addresses if is_public(address)]
    if not public:
        raise AddressForbidden(
            f"The host {host} is inside a private network ({addresses[0]}).",
            "Use a public address. Connections into private networks are not allowed here.",
            details={"host": host, "address": addresses[0]},
        )
    return public


def is_public(address: str) -> bool:
    """Return whether an address belongs to the public internet."""
    parsed: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(parsed, IPv6Address):
        inner = parsed.ipv4_mapped or parsed.sixtofour or (parsed.teredo[1] if parsed.teredo else None)
        if inner is None and parsed in _NAT64:
            inner = IPv4Address(int(parsed) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if parsed not in _PUBLIC_6 or parsed in _DOCUMENTATION_6:
            return False
    elif any(parsed in inside for inside in _INSIDE):
        return False
    return parsed.is_global and not parsed.is_multicast


def _without_platform(host: str, port: int, addresses: list[str]) -> list[str]:
    """Return the addresses at whose port no server of the platform listens. Raises AddressForbidden: there is none."""
    named: dict[str, str] = json.loads(os.environ.get("STEPWEAVE_PLATFORM_ADDRESSES") or "{}")
    for name, place in named.items():
        where, _, at = place.rpartition(":")
        if at != str(port):
            continue
        taken = _resolved(where.strip("[]"))
        beside = any(map(_on_this_machine, taken))
        left = [one for one in addresses if _plain(one) not in taken and not (beside and _on_this_machine(one))]
        if not left:
            raise AddressForbidden(
                f"At {host}:{port} is the platform's own {name}, which workflows cannot reach.",
                "Use a server of your own, at another port.",
                details={"host": host, "address": addresses[0]},
            )
        addresses = left
    return addresses


def _resolved(host: str) -> set[str]:
    try:
        return {_plain(str(entry[4][0])) for entry in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        return set()  # where the platform finds no server, a node finds none


def _plain(address: str) -> str:
    """Return an address in one form: IPv4 that is written as IPv6 is IPv4."""
    parsed = ip_address(address.partition("%")[0])
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return str(mapped or parsed)


def _on_this_machine(address: str) -> bool:
    """Return whether who connects to an address stays on this machine: loopback, 0.0.0.0, its own in its networks."""
    parsed = ip_address(_plain(address))
    if parsed.is_loopback or parsed.is_unspecified:
        return True
    with socket.socket(socket.AF_INET if parsed.version == 4 else socket.AF_INET6, socket.SOCK_STREAM) as probe:
        try:
            probe.bind((str(parsed), 0))
        except OSError:
            return False
    return True
