"""How a request can end without the answer that was asked for."""

from stepweave.runtime.errors import NodeError


class HttpClientError(NodeError):
    """The server answered with status 4xx."""


class HttpRateLimited(HttpClientError):
    """The server answered with status 429."""

    retryable = True


class HttpServerError(NodeError):
    """The server answered with status 5xx."""

    retryable = True


class RequestTimeout(NodeError):
    """The server did not answer in time."""

    retryable = True


class ResponseInvalid(NodeError):
    """The response has the wrong content type, or is JSON that cannot be read."""


class ResponseTooLarge(NodeError):
    """The response is larger than the node allows."""


class TooManyRedirects(NodeError):
    """The server redirects without end."""
