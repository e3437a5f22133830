"""Where an API is, and how it wants to know who asks, as its document says."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from api.services.apis.values import list_of, object_of


def servers_of(document: Mapping[str, Any]) -> list[str]:
    """Return the URLs that a document names, the best first; those that are relative stay so."""
    if "swagger" in document:
        host = str(document.get("host") or "")
        base = str(document.get("basePath") or "")
        schemes = [str(one) for one in list_of(document.get("schemes"))] or ["https"]
        best = "https" if "https" in schemes else schemes[0]
        return [f"{best}://{host}{base}".rstrip("/") if host else base.rstrip("/")]
    return urls_of(document.get("servers")) or [""]


def urls_of(servers: Any) -> list[str]:
    """Return the URLs of servers, with the defaults of their variables."""
    found = []
    for server in map(object_of, list_of(servers)):
        url = str(server.get("url") or "")
        for name, variable in object_of(server.get("variables")).items():
            url = url.replace(f"{{{name}}}", str(object_of(variable).get("default", "")))
        found.append(url.rstrip("/")[:2000])
    return found


def base_url_of(servers: list[str]) -> str:
    """Return the URL that an API's paths follow: the first server that is whole; "" where somebody must say it."""
    return next((url for url in servers if urlsplit(url).scheme in ("https", "http") and urlsplit(url).netloc), "")


def schemes_of(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield how a document says that callers are known, in words."""
    known = object_of(
        document.get("securityDefinitions") or object_of(document.get("components")).get("securitySchemes")
    )
    for name, one in known.items():
        scheme = object_of(one)
        match scheme.get("type"), str(scheme.get("scheme") or "").lower():
            case ("http", "bearer"):
                yield f"{name}: a token in the header Authorization (Bearer)"
            case ("http", "basic") | ("basic", _):
                yield f"{name}: user and password"
            case ("apiKey", _):
                yield f"{name}: a key in the {scheme.get('in')} {scheme.get('name')}"[:200]
            case ("oauth2", _) | ("openIdConnect", _):
                yield f"{name}: OAuth2"
            case (kind, _):
                yield f"{name}: {kind}"[:200]
