"""One signed call to an AWS service: address, signature, retries, errors."""

import hashlib
import json
import os
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Any, Final
from urllib.parse import SplitResult, urlsplit

from stepweave.aws.errors import AwsError
from stepweave.aws.pool import ConnectionPool, NoAnswer, NotSent, Reply
from stepweave.aws.signing import Credentials, signed_headers
from stepweave.model.json_text import write

ATTEMPTS: Final = 4
_FIRST_DELAY: Final = 0.05
_MOST_DELAY: Final = 1.0


@dataclass(frozen=True, slots=True)
class AwsConfig:
    """Where the services are and who calls. `endpoint` is empty on AWS itself."""

    region: str
    credentials: Credentials
    endpoint: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "AwsConfig":
        """Read the variables that Lambda sets, and `AWS_ENDPOINT_URL`.

        Raises:
            AwsError: `ConfigurationMissing` without a region, `CredentialsMissing` without a key.
        """
        region = environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION", "")
        if not region:
            raise AwsError("ConfigurationMissing", "AWS_REGION is not set.")
        key, secret = environment.get("AWS_ACCESS_KEY_ID", ""), environment.get("AWS_SECRET_ACCESS_KEY", "")
        if not key or not secret:
            raise AwsError("CredentialsMissing", "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set.")
        return cls(
            region=region,
            credentials=Credentials(key, secret, environment.get("AWS_SESSION_TOKEN", "")),
            endpoint=environment.get("AWS_ENDPOINT_URL", "").rstrip("/"),
        )


class Transport:
    """Sends signed requests over kept-open connections, and tries again what a retry can help."""

    def __init__(self, config: AwsConfig, pool: ConnectionPool | None = None) -> None:
        self.config = config
        self.pool = pool or ConnectionPool()

    def send(
        self,
        service: str,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes | IO[bytes] = b"",
        *,
        host: str = "",
        body_sha256: str = "",
        timeout: float = 10.0,
        repeatable: bool = True,
        into: IO[bytes] | None = None,
    ) -> Reply:
        """Send one request and return its answer, status below 300.

        Args:
            service: the signing name, and the host's first part on AWS unless `host` says otherwise.
            method: the HTTP method.
            path: percent-encoded, with a query where there is one (`stepweave.aws.signing`).
            headers: lower-case names.
            body: bytes, or a file (then with `content-length` in `headers` and `body_sha256`).
            host: the host on AWS; ignored where an endpoint is set.
            body_sha256: hex digest of the body, where it is known already.
            timeout: seconds to wait for each piece of the answer.
            repeatable: whether the request may be sent again when it is unknown whether it arrived.
            into: takes the answer's body.

        Raises:
            AwsError: the service refused, or could not be reached.
        """
        base = self.config.endpoint or f"https://{host or f'{service}.{self.config.region}.amazonaws.com'}"
        url = urlsplit(base + path)
        digest = body_sha256 or hashlib.sha256(_bytes(body)).hexdigest()
        start = 0 if isinstance(body, bytes) else body.tell()
        for attempt in range(1, ATTEMPTS + 1):
            if not isinstance(body, bytes):
                body.seek(start)
            signed = self._signed(service, method, url, headers, digest)
            try:
                reply = self.pool.request(method, url, signed, body, timeout=timeout, into=into)
            except NotSent as error:
                failure = AwsError("ConnectionFailed", str(error), retryable=True)
                again = True
            except NoAnswer as error:
                code = "RequestTimeout" if error.timed_out else "ConnectionFailed"
                failure = AwsError(code, str(error), retryable=True)
                again = repeatable and not error.timed_out and (into is None or into.seekable())
            else:
                if reply.status < 300:
                    return reply
                failure = AwsError.of(reply.status, reply.headers, reply.body)
                # A throttled request was not carried out; after any other 5xx that is unknown.
                again = failure.retryable and (repeatable or reply.status < 500)
            if not again or attempt == ATTEMPTS:
                raise failure
            _wait(attempt, into)
        raise AssertionError("the last attempt returns or raises")

    def _signed(
        self, service: str, method: str, url: SplitResult, headers: Mapping[str, str], digest: str
    ) -> dict[str, str]:
        """Return the headers of a request, signed now: a signature counts for minutes."""
        return signed_headers(
            method,
            url.netloc,
            url.path,
            headers,
            digest,
            credentials=self.config.credentials,
            service=service,
            region=self.config.region,
            now=datetime.now(UTC),
            query=url.query,
        )

    def call(
        self,
        service: str,
        target: str,
        request: Mapping[str, Any],
        *,
        version: str = "1.0",
        host: str = "",
        timeout: float = 10.0,
        repeatable: bool = True,
    ) -> dict[str, Any]:
        """Make one call of an AWS JSON service and return its answer.

        Args:
            service: the signing name.
            target: `AmazonSQS.SendMessage` and the like.
            request: the call's arguments.
            version: of the JSON protocol.
            host: the host on AWS, where it is not the service's own.
            timeout: as in `send`.
            repeatable: as in `send`.

        Raises:
            AwsError: as in `send`.
        """
        headers = {"content-type": f"application/x-amz-json-{version}", "x-amz-target": target}
        body = write(request).encode()
        reply = self.send(service, "POST", "/", headers, body, host=host, timeout=timeout, repeatable=repeatable)
        answer: dict[str, Any] = json.loads(reply.body or b"{}")
        return answer


def _wait(attempt: int, into: IO[bytes] | None) -> None:
    """Wait before the next attempt, and forget what this one wrote."""
    if into is not None:
        into.seek(0)
        into.truncate()
    time.sleep(random.uniform(0, min(_MOST_DELAY, _FIRST_DELAY * 2**attempt)))  # noqa: S311 - jitter


def _bytes(body: bytes | IO[bytes]) -> bytes:
    if not isinstance(body, bytes):
        raise ValueError("a file as body needs body_sha256")
    return body
