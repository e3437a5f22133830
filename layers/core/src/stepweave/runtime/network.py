"""Which addresses a node may connect to: public ones only, so that no workflow reaches what lies beside the platform.

A host's name is resolved once, the addresses are checked, and the connection goes to a checked address, not to the
name: a name server that answers differently the second time gains nothing.
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
    """The URL leads to a private, loopback, link-local or metadata address."""


_NAT64: Final = IPv6Network("64:ff9b::/96")
"""IPv4 addresses seen through IPv6 (RFC 6052)."""
_PUBLIC_6: Final = IPv6Network("2000::/3")
"""What of IPv6 is given out for the internet; all else is local, or leads to IPv4 (`::/96`, `64:ff9b:1::/48`)."""
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
        AddressForbidden: all its addresses are private, loopback, link-local or reserved.
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
        return addresses
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
        if parsed not in _PUBLIC_6:
            return False
    elif any(parsed in inside for inside in _INSIDE):
        return False
    return parsed.is_global and not parsed.is_multicast
