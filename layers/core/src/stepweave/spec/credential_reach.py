"""Where a credential's secrets go, by its type's data: whoever changes that must know the secrets.

Else who may write credentials, and not read them, could have them sent to a server of their own.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from stepweave.spec.credential_entry import CredentialEntry
from stepweave.spec.credential_parts import ANYWHERE, Probe
from stepweave.spec.templates import TemplateUnfilled, filled, filled_hosts, filled_url, placeholders


def strayed(
    entry: CredentialEntry, former: Mapping[str, Any], data: Mapping[str, Any], *, bound: bool = True
) -> list[str]:
    """Return the fields whose change lets the secrets of `former` go to servers that they did not go to.

    Fewer hosts than before are none of them, nor is another path on the same server. `bound` is false of a credential
    that went anywhere while it named no hosts (migration 0035).
    """
    found = dict.fromkeys(_changed(entry, former, data, bound))
    return [name for name in entry.fields if name in found and former.get(name) != data.get(name)]


def _changed(entry: CredentialEntry, former: Mapping[str, Any], data: Mapping[str, Any], bound: bool) -> Iterator[str]:
    before, now = (set(filled_hosts(entry.hosts, given)) for given in (former, data))
    reached = before or (_tested_hosts(entry.test, former) if bound else {ANYWHERE})
    if entry.hosts and not all(_is_within(host, reached) for host in now or _tested_hosts(entry.test, data)):
        yield from _fields(*entry.hosts)
    # Where hosts were named, they bound the test as well.
    if entry.test and not before and _differ(entry.test.url, former, data):
        yield from _fields(entry.test.url)
    if entry.oauth2 and _differ(entry.oauth2.token_url, former, data):
        yield from _fields(entry.oauth2.token_url)
    for template in entry.sent_to:
        if filled(template, former) != filled(template, data):
            yield from _fields(template)


def _tested_hosts(test: Probe | None, data: Mapping[str, Any]) -> set[str]:
    """Return the host of a credential's test, where it goes as long as it names none; empty where there is no test."""
    server = _server(test.url, data) if test else None
    host = urlsplit(f"//{server[1]}").hostname if server else None
    return {host.lower()} if host else set()


def _is_within(host: str, patterns: set[str]) -> bool:
    if host in patterns or ANYWHERE in patterns:
        return True
    return any(pattern.startswith("*.") and host.endswith(pattern[1:]) for pattern in patterns)


def _differ(url: str, former: Mapping[str, Any], data: Mapping[str, Any]) -> bool:
    """Return whether a URL leads to a server that it did not lead to."""
    now = _server(url, data)
    return now is not None and now != _server(url, former)


def _server(template: str, data: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the scheme of a URL, and the name and port in it as they are written; None where it leads nowhere."""
    try:
        parts = urlsplit(filled_url(template, data) or "")
    except (TemplateUnfilled, ValueError):
        return None
    return (parts.scheme.lower(), parts.netloc.lower()) if parts.netloc else None


def _fields(*templates: str) -> Iterator[str]:
    for template in templates:
        yield from placeholders(template)
