"""Requests signed with AWS Signature Version 4: with a key, or as a role that the key takes on."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

from stepweave.aws.signing import Credentials, canonical_query, signed_headers
from stepweave.runtime import aws_roles
from stepweave.runtime.errors import CredentialMissing, ParameterInvalid
from stepweave.runtime.http.bodies import Stream
from stepweave.runtime.http.client import send
from stepweave.runtime.http.reading import Arrived
from stepweave.runtime.http.request import Headers, Request
from stepweave.runtime.http.url import target_of

_REGION: Final = r"[a-z]{2,3}(?:-[a-z]+)+-\d+"
_HOSTS: Final = (
    re.compile(rf"(?:.+\.)?(?P<service>[a-z0-9-]+)\.(?P<region>{_REGION})\.(?:amazonaws\.com(?:\.cn)?|api\.aws)"),
    re.compile(rf"(?:.+\.)?(?P<region>{_REGION})\.(?P<service>[a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?)"),
    re.compile(rf"(?:.+\.)?(?P<service>lambda-url|vpc-lattice-svcs)\.(?P<region>{_REGION})\.on\.aws"),
    re.compile(r"(?:.+\.)?(?P<service>[a-z0-9-]+)\.amazonaws\.com"),
)
"""Hosts of services, and where service and region stand in them."""
_SIGNING_NAMES: Final = {
    "email": "ses",
    "lambda-url": "lambda",
    "runtime": "lex",
    "bedrock-runtime": "bedrock",
    "data-ats": "iotdata",
    "monitoring": "monitoring",
}
"""Services that sign with another name than their hosts have."""
_EVERYWHERE: Final = "us-east-1"
"""The region that services without one sign for (IAM, for one)."""
_UNSIGNED: Final = frozenset({"accept-encoding", "user-agent", "connection", "expect"})
"""Headers that what stands in between may change."""


@dataclass(frozen=True, slots=True)
class AwsSigner:
    """Signs requests to one service.

    Attributes:
        credentials: who signs.
        region: of the credential, for hosts that name none.
        service: the signing name; "" for what the host says.
        own_region: the region to sign for; "" likewise.
    """

    credentials: Credentials = field(repr=False)
    region: str
    service: str = ""
    own_region: str = ""

    def signed(self, request: Request) -> Request:
        """Return a request with its signature. Raises ParameterInvalid where nothing says for which service."""
        path, _, query = request.target.path.partition("?")
        query = canonical_query(query)
        target = replace(request.target, path=f"{path}?{query}" if query else path)
        service, region = self._place(target.host)
        body = request.body
        digest = _digest(body)
        given = {name: ",".join(values) for name, values in request.headers.items() if name not in _UNSIGNED}
        given.pop("authorization", None)
        made = signed_headers(
            request.method,
            target.authority,
            path,
            given,
            digest,
            credentials=self.credentials,
            service=service,
            region=region,
            now=datetime.now(UTC),
            query=query,
        )
        own = {name: [value] for name, value in made.items() if name not in given and name != "host"}
        return replace(
            request,
            target=target,
            headers=Headers({**request.headers, **own}),
            secret_headers=request.secret_headers | own.keys(),
        )

    def learns(self, headers: Sequence[str], sent: Request) -> bool:
        """Return False: a signature that was refused is refused again."""
        return False

    def _place(self, host: str) -> tuple[str, str]:
        found = next((match for pattern in _HOSTS if (match := pattern.fullmatch(host))), None)
        parts = found.groupdict() if found else {}
        named = str(parts.get("service") or "")
        if named.startswith("s3-") or named == "s3":
            named = "s3"
        service = self.service or _SIGNING_NAMES.get(named, named)
        if not service:
            raise ParameterInvalid(
                f"The host {host} does not say which AWS service it is.",
                "Fill in AWS service, such as execute-api.",
                details={"field": "params.awsService"},
            )
        default = _EVERYWHERE if found else self.region
        return service, self.own_region or str(parts.get("region") or "") or default


def aws_signer(data: Mapping[str, Any], service: str, region: str, deadline: float) -> AwsSigner:
    """Return what signs with an AWS credential, as its role where it has one.

    Args:
        data: of the credential.
        service: the signing name; "" for what the host says.
        region: likewise.
        deadline: on the clock of `time.monotonic`.

    Raises:
        CredentialMissing: it has no keys.
        NodeError: what `HTTP_ERRORS` names, where the role cannot be taken on.
    """
    given = {name: str(data.get(name) or "") for name in ("accessKeyId", "secretAccessKey", "sessionToken", "region")}
    given |= {name: str(data.get(name) or "") for name in ("roleArn", "externalId", "endpoint")}
    if not (given["accessKeyId"] and given["secretAccessKey"] and given["region"]):
        raise CredentialMissing("The credential has no key or no region.", "Fill in the AWS credential.")
    keys = Credentials(given["accessKeyId"], given["secretAccessKey"], given["sessionToken"])
    if given["roleArn"]:
        keys = aws_roles.role(given, lambda fields: _asked(keys, given, fields, deadline))
    return AwsSigner(keys, given["region"], service, region)


def _asked(keys: Credentials, given: Mapping[str, str], fields: Mapping[str, str], deadline: float) -> str:
    """Return what STS says when it is asked for a role."""
    content = urlencode({"Action": aws_roles.ACTION, "Version": aws_roles.VERSION, **fields})
    domain = "amazonaws.com.cn" if given["region"].startswith("cn-") else "amazonaws.com"
    target = target_of(given["endpoint"].rstrip("/") or f"https://sts.{given['region']}.{domain}")
    headers = Headers({"content-type": ["application/x-www-form-urlencoded; charset=utf-8"]})
    asked = Request("POST", target, headers, content.encode())
    request = AwsSigner(keys, given["region"], "sts", given["region"]).signed(asked)
    response, came_from = send(request, deadline=deadline, follow_redirects=False)
    with Arrived(response, came_from, deadline, "POST") as arrived:
        if arrived.status >= 300:
            raise arrived.refusal()
        return arrived.content(1).decode("utf-8", "replace")


def _digest(body: bytes | Stream | None) -> str:
    digest = hashlib.sha256()
    for piece in body.open() if isinstance(body, Stream) else (body or b"",):
        digest.update(piece)
    return digest.hexdigest()
