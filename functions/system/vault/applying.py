"""Puts a credential's fields where its type says: on a request, and to which hosts. Pure."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from functions.system.vault.types import CredentialType
from stepweave.spec.credential_parts import NOWHERE
from stepweave.spec.templates import filled, filled_hosts

Pairs = list[list[str]]


def request_of(type: CredentialType, data: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return `{"headers", "query"}`, [name, value] each, that go with a request; None where it is no HTTP credential.

    A pair is left out when a field that it takes is empty. `path`, where there is one, belongs in the URL's path;
    `digest` is there where a digest of user and password is what goes.
    """
    on_request = type.on_request
    if on_request is None:
        return None
    headers = _pairs(on_request.headers, data)
    if on_request.basic:
        user, password = (filled(template, data) or "" for template in on_request.basic)
        headers.append(["Authorization", basic(user, password)])
    made: dict[str, Any] = {"headers": headers, "query": _pairs(on_request.query, data)}
    path = filled(on_request.path, data) if on_request.path else ""
    if path and on_request.path_after:
        path = path.partition(on_request.path_after)[2] or path
    if on_request.digest:
        made["digest"] = [filled(template, data) or "" for template in on_request.digest]
    return {**made, "path": path} if path else made


def hosts_of(type: CredentialType, data: Mapping[str, Any]) -> list[str]:
    """Return the patterns of the hosts that a credential may be sent to; none: any host."""
    return filled_hosts(type.hosts, data)


def named_hosts(type: CredentialType, data: Mapping[str, Any], *, bound: bool) -> list[str]:
    """Return as `hosts_of`; where a person is to name the hosts and named none, that of the test, or no host.

    `bound` is false of a credential that was there before hosts were asked for: it goes on to any host.
    """
    hosts = hosts_of(type, data)
    if hosts or not type.hosts or not bound:
        return hosts
    tested = _host_of(filled(type.test.url, data) or "") if type.test else ""
    return [tested or NOWHERE]


def bound_hosts(type: CredentialType, data: Mapping[str, Any]) -> list[str] | None:
    """Return the hosts of a credential that goes with requests to whatever URL somebody writes; none: any host.

    Where its type leaves the hosts to the person, theirs count. Else those to which it goes anyway: of the servers
    that its data names, or of its test. None where nobody says: then it goes to none.
    """
    if type.hosts:
        return hosts_of(type, data)
    named = (*type.sent_to, *((type.test.url,) if type.test else ()))
    hosts = dict.fromkeys(_host_of(filled(template, data) or "") for template in named)
    return [host for host in hosts if host] or None


def _host_of(text: str) -> str:
    try:
        return (urlsplit(text if "//" in text else f"//{text}").hostname or "").lower()
    except ValueError:
        return ""


def rate_of(type: CredentialType, data: Mapping[str, Any]) -> list[float] | None:
    """Return `[requests, seconds]`, how many requests may go with a credential; None for any number."""
    texts = [filled(template, data) for template in (type.rate.requests, type.rate.seconds)] if type.rate else []
    numbers = [float(text) for text in texts if text is not None]
    return numbers if len(numbers) == 2 else None


def basic(user: str, password: str) -> str:
    """Return the header of HTTP's basic authentication (RFC 7617), in UTF-8."""
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"


def _pairs(templates: Sequence[tuple[str, str]], data: Mapping[str, Any]) -> Pairs:
    made = [(filled(name, data), filled(value, data)) for name, value in templates]
    return [[name, value] for name, value in made if name is not None and value is not None]
