"""AWS Signature Version 4.

Why not botocore's signer: importing it costs a cold start 0.09 s of CPU time more than this module (CPython 3.11), and
every node function would pay it. Tests compare this with botocore's signatures, request by request. The rules are those
of https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from urllib.parse import quote, unquote_plus

EMPTY_SHA256 = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True, slots=True)
class Credentials:
    """An access key, its secret, and the session token where it is temporary."""

    access_key: str
    secret_key: str
    session_token: str = ""

    def __repr__(self) -> str:
        """Name the key only: secrets must not reach a log by way of a representation."""
        return f"Credentials({self.access_key!r})"


def signed_headers(
    method: str,
    host: str,
    path: str,
    headers: Mapping[str, str],
    body_sha256: str,
    *,
    credentials: Credentials,
    service: str,
    region: str,
    now: datetime,
    query: str = "",
) -> dict[str, str]:
    """Return the headers to send: those given with `host`, date, token and `authorization`.

    Args:
        method: the HTTP method.
        host: host and, where it is not the scheme's own, port.
        path: the path as it is sent, percent-encoded.
        headers: lower-case names; every one of them is signed.
        body_sha256: hex digest of the body.
        credentials: who signs.
        service: the signing name (`sqs`, `s3`, `lambda`, `states`, `kms`).
        region: the region's name.
        now: the time of the request, in UTC.
        query: as it is sent, without the question mark: encoded as `canonical_query` does.
    """
    stamp = now.strftime("%Y%m%dT%H%M%SZ")
    signed = {**headers, "host": host, "x-amz-date": stamp}
    if service == "s3":
        signed["x-amz-content-sha256"] = body_sha256
    if credentials.session_token:
        signed["x-amz-security-token"] = credentials.session_token
    names = sorted(signed)
    canonical = "\n".join(
        (
            method,
            path if service == "s3" else quote(path, safe="/-_.~"),
            canonical_query(query),
            *(f"{name}:{' '.join(signed[name].split())}" for name in names),
            "",
            ";".join(names),
            body_sha256,
        )
    )
    scope = f"{stamp[:8]}/{region}/{service}/aws4_request"
    to_sign = "\n".join(("AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()))
    key = _signing_key(credentials.secret_key, stamp[:8], region, service)
    signature = hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
    signed["authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={credentials.access_key}/{scope}, "
        f"SignedHeaders={';'.join(names)}, Signature={signature}"
    )
    return signed


def signed_query(
    host: str,
    path: str,
    query: Mapping[str, str],
    *,
    credentials: Credentials,
    region: str,
    now: datetime,
    seconds: int,
) -> str:
    """Return the query of a URL by which anybody may get an object of S3, for a while.

    Args:
        host: host and, where it is not the scheme's own, port.
        path: the path as it is sent, percent-encoded.
        query: what S3 is told (`response-content-disposition`).
        credentials: who signs: once these end, the URL does, too.
        region: the region's name.
        now: from when it counts, in UTC.
        seconds: how long; S3 takes seven days at most.
    """
    stamp = now.strftime("%Y%m%dT%H%M%SZ")
    scope = f"{stamp[:8]}/{region}/s3/aws4_request"
    told = {
        **query,
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": f"{credentials.access_key}/{scope}",
        "X-Amz-Date": stamp,
        "X-Amz-Expires": str(seconds),
        "X-Amz-SignedHeaders": "host",
    }
    if credentials.session_token:
        told["X-Amz-Security-Token"] = credentials.session_token
    written = "&".join(
        sorted(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in told.items())
    )
    canonical = "\n".join(("GET", path, written, f"host:{host}", "", "host", "UNSIGNED-PAYLOAD"))
    to_sign = "\n".join(("AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()))
    key = _signing_key(credentials.secret_key, stamp[:8], region, "s3")
    return f"{written}&X-Amz-Signature={hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()}"


def canonical_query(query: str) -> str:
    """Return a query as signatures are made over it: each part escaped in one way, and all in order."""
    if not query:
        return ""
    pairs = [pair.partition("=")[::2] for pair in query.split("&") if pair]
    return "&".join(sorted("=".join(quote(unquote_plus(part), safe="-_.~") for part in pair) for pair in pairs))


@lru_cache(maxsize=16)
def _signing_key(secret: str, day: str, region: str, service: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key
