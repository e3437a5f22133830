"""Calls to AWS with the keys of a tenant, through the guarded HTTP client: never with the function's own.

The protocols that these services speak: JSON (SQS), query with answers in XML (SNS, STS), and REST (SES).
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Protocol
from urllib.parse import urlencode

from stepweave.aws.errors import AwsError
from stepweave.aws.signing import Credentials, signed_headers
from stepweave.runtime import aws_roles
from stepweave.runtime.authentication import Types
from stepweave.runtime.aws_errors import in_words, region_unknown
from stepweave.runtime.errors import CredentialMissing
from stepweave.runtime.http_errors import ResponseInvalid
from stepweave.runtime.network import AddressForbidden, ConnectionFailed, private_allowed

if TYPE_CHECKING:
    from stepweave.runtime.http.bodies import Stream

CREDENTIAL: Final = "aws"
"""The credential type."""
_MOST_MB: Final = 32
"""Ten messages of 1 MB as JSON, in which a character can be six."""


class Asks(Protocol):
    """What has a credential and a deadline: an ask (`Asked`) or a step (`Step`)."""

    @property
    def deadline(self) -> float:
        """When the answer must have come, on the clock of `time.monotonic`."""

    def credential(self, id: str, type: Types, refused: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """As in `Step`."""

    def param(self, name: str) -> Any:
        """As in `Step`."""


@dataclass(frozen=True, slots=True)
class Account:
    """Who asks, where, and until when.

    Attributes:
        credentials: the keys.
        region: its name.
        endpoint: of something else than AWS; "" for AWS.
        deadline: on the clock of `time.monotonic`.
    """

    credentials: Credentials = field(repr=False)
    region: str
    endpoint: str
    deadline: float

    def within(self, region: str) -> "Account":
        """Return it in another region; "" for the same."""
        return replace(self, region=region or self.region)

    @property
    def domain(self) -> str:
        """What hosts of AWS end with in the region's partition."""
        return "amazonaws.com.cn" if self.region.startswith("cn-") else "amazonaws.com"

    def call(
        self,
        service: str,
        target: str,
        request: Mapping[str, Any],
        *,
        about: str,
        field: str = "",
        action: str = "",
        json_version: str = "1.0",
    ) -> dict[str, Any]:
        """Make a call of a JSON service, and return its answer.

        Args:
            service: the signing name, which is IAM's, too.
            target: `AmazonSQS.ReceiveMessage`.
            request: the arguments.
            about: what it is about, for errors: `the queue orders`.
            field: the parameter that names that.
            action: what IAM calls it, where that is not the target's name.
            json_version: of the protocol, as the service says it.

        Raises:
            NodeError: what `specs.ERRORS` names.
        """
        headers = {"content-type": f"application/x-amz-json-{json_version}", "x-amz-target": target}
        allowed = f"{service}:{action or target.rpartition('.')[2]}"
        content = self._send(service, headers, json.dumps(request).encode(), allowed, about, field)
        try:
            answer = json.loads(content or b"{}")
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            raise ResponseInvalid(f"What answers to {allowed} is not AWS.", "Check the endpoint in the credential.")
        return answer

    def query(
        self,
        service: str,
        action: str,
        version: str,
        request: Mapping[str, str],
        *,
        about: str,
        field: str = "",
        signed: bool = True,
    ) -> str:
        """Make a call of a service of the query protocol, and return its XML. Arguments and errors as of `call`."""
        headers = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
        body = urlencode({"Action": action, "Version": version, **request}).encode()
        return self._send(service, headers, body, f"{service}:{action}", about, field, signed).decode(
            "utf-8", "replace"
        )

    def rest(self, service: str, host: str, path: str, body: "bytes | Stream", *, action: str, about: str) -> Any:
        """Post JSON to a REST service, and return its answer's.

        Args:
            service: the signing name, which is IAM's, too.
            host: what its host begins with: `email`.
            path: as it is sent.
            body: JSON.
            action: what IAM calls it.
            about: what it is about, for errors.

        Raises:
            NodeError: what `specs.ERRORS` names.
        """
        headers = {"content-type": "application/json"}
        content = self._send(service, headers, body, f"{service}:{action}", about, "", host=host, path=path)
        try:
            return json.loads(content or b"null")
        except (ValueError, RecursionError):
            words = f"What answers to {service}:{action} is not AWS."
            raise ResponseInvalid(words, "Check the endpoint in the credential.") from None

    def fetched(self, url: str) -> bytes:
        """Return what lies at a URL, asked for without any key: only for URLs that are known to be right.

        Raises:
            NodeError: what `specs.ERRORS` names.
        """
        return self._answer("GET", url, {}, None, "GET", url, "")

    def _send(
        self,
        service: str,
        headers: Mapping[str, str],
        body: "bytes | Stream",
        action: str,
        about: str,
        field: str,
        signed: bool = True,
        host: str = "",
        path: str = "/",
    ) -> bytes:
        from stepweave.runtime.http.url import target_of

        url = (self.endpoint or f"https://{host or service}.{self.region}.{self.domain}") + path.removesuffix("/")
        sent = self._signed(service, target_of(url).authority, path, headers, body) if signed else headers
        try:
            return self._answer("POST", url, sent, body, action, about, field)
        except ConnectionFailed as error:
            if self.endpoint or not error.nowhere:
                raise
            raise region_unknown(error, self.region, field) from error

    def _answer(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: "bytes | Stream | None",
        action: str,
        about: str,
        field: str,
    ) -> bytes:
        # Imported here: with urllib3 it costs 0.08 s, which belongs to the first request, not to the function's start.
        from stepweave.runtime.http.client import send
        from stepweave.runtime.http.reading import Arrived
        from stepweave.runtime.http.request import Headers, Request
        from stepweave.runtime.http.url import target_of

        target = target_of(url)
        if target.scheme != "https" and not private_allowed():
            words = f"The endpoint {target.url} has no TLS."
            raise AddressForbidden(words, "Use an endpoint with https:// in the credential.")
        request = Request(method, target, Headers({name: [value] for name, value in headers.items()}), body)
        response, came = send(request, deadline=self.deadline, follow_redirects=False)
        with Arrived(response, came, self.deadline, method) as arrived:
            content = arrived.content(_MOST_MB)
            if arrived.status >= 300:
                told = {name: str(value) for name, value in arrived.headers.items()}
                raise in_words(AwsError.of(arrived.status, told, content), action, about, self.region, field)
            return content

    def _signed(
        self, service: str, host: str, path: str, headers: Mapping[str, str], body: "bytes | Stream"
    ) -> dict[str, str]:
        digest = hashlib.sha256()
        for piece in [body] if isinstance(body, bytes) else body.open():
            digest.update(piece)
        signed = signed_headers(
            "POST",
            host,
            path,
            headers,
            digest.hexdigest(),
            credentials=self.credentials,
            service=service,
            region=self.region,
            now=datetime.now(UTC),
        )
        return {name: value for name, value in signed.items() if name != "host"}


def account_of(asked: Asks, credential: str | None = None, *, fresh: bool = False) -> Account:
    """Return the account of a credential, with the keys of its role where it has one.

    Args:
        asked: what is asked.
        credential: its id; None for the node's own.
        fresh: whether a role is taken on though it was within the hour.

    Raises:
        CredentialMissing: as `Asked.credential`, or it has no keys.
        NodeError: what `specs.ERRORS` names, where the role cannot be taken on.
    """
    given = _given(asked, credential)
    account = _account(asked, given)
    return account if not given["roleArn"] else replace(account, credentials=_role(account, given, fresh=fresh))


def place_of(asked: Asks) -> Account:
    """Return the account of a node's credential without taking on its role: for what needs no rights.

    Raises:
        CredentialMissing: as `account_of`.
    """
    return _account(asked, _given(asked))


_FIELDS: Final = (
    "accessKeyId",
    "secretAccessKey",
    "sessionToken",
    "region",
    "roleArn",
    "externalId",
    "endpoint",
)


def _given(asked: Asks, credential: str | None = None) -> dict[str, str]:
    data = asked.credential(credential or asked.param("credential") or "", CREDENTIAL)
    given = {name: str(data.get(name) or "") for name in _FIELDS}
    if not (given["accessKeyId"] and given["secretAccessKey"] and given["region"]):
        raise CredentialMissing("The credential has no key or no region.", "Fill in the AWS credential.")
    return given


def _account(asked: Asks, given: Mapping[str, str]) -> Account:
    keys = Credentials(given["accessKeyId"], given["secretAccessKey"], given["sessionToken"])
    return Account(keys, given["region"], given["endpoint"].rstrip("/"), asked.deadline)


def _role(account: Account, given: Mapping[str, str], *, fresh: bool) -> Credentials:
    def ask(fields: dict[str, str]) -> str:
        about = f"the role {given['roleArn']}"
        return account.query("sts", aws_roles.ACTION, aws_roles.VERSION, fields, about=about)

    return aws_roles.role(given, ask, fresh=fresh)
