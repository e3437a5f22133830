"""A response's headers as text and as a value: repeated ones joined as HTTP allows, cookies as a list."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse as Response


def values_of(response: "Response", name: str) -> list[str]:
    """Return all values of a header, in their order."""
    return [_text(value) for value in response.headers.getlist(name)]


def header(response: "Response", name: str) -> str:
    """Return a header's values as one (RFC 9110, section 5.3); empty where the server sent none."""
    return ", ".join(values_of(response, name))


def headers_of(response: "Response") -> dict[str, Any]:
    """Return all headers by their names in lower case.

    Those that stand several times are joined by ", ", which means the same; `set-cookie` alone is a list, always, as
    cookies may have commas in them.
    """
    names = dict.fromkeys(name.lower() for name in response.headers)
    return {name: values_of(response, name) if name == "set-cookie" else header(response, name) for name in names}


def _text(value: str) -> str:
    """Return a value as its sender meant it: UTF-8 where its bytes are that, else Latin-1, as http.client reads it."""
    try:
        return value.encode("latin-1").decode()
    except UnicodeError:
        return value
