"""botocore, told nothing but what it is given: no environment, no profile, no role of the function's own.

Its requests go through the guarded client (`stepweave.runtime.http`): public addresses only, bounded, counted.
"""

import time
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from stepweave.runtime.http_errors import ResponseInvalid
from stepweave.runtime.network import AddressForbidden, private_allowed

if TYPE_CHECKING:
    from stepweave.runtime.aws_account import Account

MOST_REDIRECTS: Final = 5
"""One after the other: a bucket in another region takes one."""
_CHUNK: Final = 64 * 1024
_UNSENT: Final = frozenset({"host", "content-length", "transfer-encoding", "connection", "expect"})
"""Headers that the client sets itself."""


@lru_cache(maxsize=1)
def session() -> Any:
    """Return a session of botocore that finds nothing: all settings are the defaults, and there are no credentials."""
    # Imported here: botocore costs 0.25 s, which belongs to the first request, not to the function's start.
    from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES, ConfigValueStore, ConstantProvider
    from botocore.credentials import CredentialResolver
    from botocore.session import Session
    from botocore.tokens import TokenProviderChain

    made = Session()
    defaults = {name: ConstantProvider(told[2]) for name, told in BOTOCORE_DEFAUT_SESSION_VARIABLES.items()}
    made.register_component("config_store", ConfigValueStore(mapping=defaults))
    made.register_component("credential_provider", CredentialResolver(providers=[]))
    made.register_component("token_provider", TokenProviderChain(providers=[]))
    made.user_agent_name = "stepweave"
    return made


def made_client(account: "Account", service: str) -> Any:
    """Return botocore's client of a service, with the account's keys and nobody else's.

    Args:
        account: who asks, and where.
        service: as botocore calls it: `s3`.
    """
    from botocore.config import Config

    client = session().create_client(
        service,
        region_name=account.region,
        endpoint_url=account.endpoint or None,
        aws_access_key_id=account.credentials.access_key,
        aws_secret_access_key=account.credentials.secret_key,
        aws_session_token=account.credentials.session_token or None,
        config=Config(
            ignore_configured_endpoint_urls=True,  # type: ignore[call-arg]  # the stubs do not know it
            retries={"total_max_attempts": 1, "mode": "standard"},  # `Service.call` tries again, until the deadline
            s3={"addressing_style": "path"} if account.endpoint else {},
            request_checksum_calculation="when_required",  # a checksum behind the body needs a body of unknown length
            response_checksum_validation="when_required",
            signature_version="s3v4" if service == "s3" else None,  # links would be signed in the old way
        ),
    )
    client._endpoint.http_session = GuardedHttp(account.deadline)
    client.meta.events.register("after-call", _is_awss)
    return client


def _is_awss(http_response: Any, model: Any, **_: Any) -> None:
    """Refuse an answer that is no JSON where it must be: botocore takes it for an empty one. Raises ResponseInvalid."""
    protocol = model.service_model.resolved_protocol
    if "json" not in protocol or model.has_streaming_output or model.has_event_stream_output:
        return
    begins = http_response.content.lstrip()[:1]
    is_json = begins in (b"", b"{") or (protocol != "json" and begins != b"<")
    if http_response.status_code < 300 and not is_json:
        raise ResponseInvalid(f"What answers to {model.name} is not AWS.", "Check the endpoint in the credential.")


class GuardedHttp:
    """What botocore sends requests with: the place of its `URLLib3Session`.

    Args:
        deadline: on the clock of `time.monotonic`.
    """

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._redirects = 0

    def send(self, request: Any) -> Any:
        """Send botocore's request, and return its response, the body unread.

        Raises:
            NodeError: of the guarded client.
        """
        from botocore.awsrequest import AWSResponse
        from botocore.compat import HTTPHeaders

        from stepweave.runtime.http.client import send
        from stepweave.runtime.http.request import Headers, Request
        from stepweave.runtime.http.url import target_of

        target = target_of(request.url)
        if target.scheme != "https" and not private_allowed():
            words = f"The endpoint {target} has no TLS."
            raise AddressForbidden(words, "Use an endpoint with https:// in the credential.")
        headers = Headers({name: [value] for name, value in _texts(request.headers) if name not in _UNSENT})
        asked = Request(request.method, target, headers, _bytes(request.body))
        response, came = send(asked, deadline=self._deadline, follow_redirects=False)
        self._check_redirects(response.status, target)
        told = HTTPHeaders.from_pairs(list(response.headers.items()))
        return AWSResponse(request.url, response.status, told, Raw(response, came, self._deadline))

    def close(self) -> None:
        """Do nothing: connections are the guarded client's."""

    def _check_redirects(self, status: int, target: Any) -> None:
        """Count redirects that follow each other: botocore goes on with those of S3 until its stack is full."""
        self._redirects = self._redirects + 1 if 300 <= status < 400 else 0
        if self._redirects > MOST_REDIRECTS:
            raise ResponseInvalid(f"{target} leads on and on.", "Check the region and the endpoint in the credential.")


class Raw:
    """A response's body as botocore reads it: as it comes, until the deadline."""

    def __init__(self, response: Any, target: Any, deadline: float) -> None:
        self._response = response
        self._target = target
        self._deadline = deadline
        self._held = b""
        self._pieces = self._arriving()

    def stream(self, amt: int = _CHUNK, decode_content: bool | None = None) -> Iterator[bytes]:
        """Yield the body in pieces. Raises NodeError where it does not come whole."""
        yield from self._pieces

    def read(self, amt: int | None = None) -> bytes:
        """Return the next bytes, at most `amt`; none at the end."""
        if amt is None:
            whole, self._held = self._held + b"".join(self._pieces), b""
            return whole
        while len(self._held) < amt and (piece := next(self._pieces, b"")):
            self._held += piece
        given, self._held = self._held[:amt], self._held[amt:]
        return given

    def close(self) -> None:
        """Let the connection go; one that was not read to its end is closed."""
        self._response.close()

    def _arriving(self) -> Iterator[bytes]:
        from urllib3.exceptions import HTTPError, ReadTimeoutError

        from stepweave.runtime.http.client import broken, timed_out
        from stepweave.runtime.metering import current_meter

        meter = current_meter()
        try:
            while chunk := self._response.read1(_CHUNK, decode_content=False):
                if time.monotonic() > self._deadline:
                    raise timed_out(self._target)
                meter.received(len(chunk))
                yield chunk
        except (ReadTimeoutError, TimeoutError):
            raise timed_out(self._target) from None
        except (HTTPError, OSError) as error:
            raise broken(error, self._target) from None
        finally:
            self._response.release_conn()


def _texts(headers: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in headers.items():
        yield name.lower(), value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _bytes(body: Any) -> bytes | None:
    if body is None or isinstance(body, bytes):
        return body
    if isinstance(body, bytearray):
        return bytes(body)
    return body.encode() if isinstance(body, str) else bytes(body.read())
