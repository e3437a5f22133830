"""From where a webhook may be called: addresses and networks, of IPv4 and IPv6. What cannot be read lets nobody in."""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from stepweave_data.hooks.refusals import Refusal

Network = IPv4Network | IPv6Network


def check_network(caller: str, networks: Sequence[str]) -> None:
    """Let in a caller whose address is in one of the networks; where there are none, everybody.

    Args:
        caller: the address that the edge saw.
        networks: as publishing wrote them: `203.0.113.0/24`.

    Raises:
        Refusal: 403.
    """
    if networks and not is_within(caller, tuple(networks)):
        words = f"The address {caller[:60] or 'of the caller'} is not among those that may call this webhook."
        raise Refusal(403, "address_not_allowed", "Address not allowed", words)


def is_within(caller: str, networks: tuple[str, ...]) -> bool:
    """Whether an address is in one of the networks. An IPv4 address may come as IPv6 (`::ffff:203.0.113.9`)."""
    try:
        address: IPv4Address | IPv6Address = ip_address(caller.strip().partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return any(address in network for network in _networks(networks))


@lru_cache(maxsize=256)
def _networks(texts: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(ip_network(text) for text in texts)
