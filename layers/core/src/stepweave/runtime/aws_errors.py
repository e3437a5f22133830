"""What AWS says no with, in words: which action is not allowed, which key, which thing is not there."""

from typing import Final

from stepweave.aws.errors import AwsError
from stepweave.runtime.errors import NodeError
from stepweave.runtime.http_errors import HttpRateLimited, HttpServerError
from stepweave.runtime.network import ConnectionFailed

_KEYS: Final = frozenset(
    {
        "InvalidClientTokenId",
        "UnrecognizedClientException",
        "InvalidAccessKeyId",
        "SignatureDoesNotMatch",
        "InvalidSignatureException",
        "IncompleteSignature",
        "ExpiredToken",
        "ExpiredTokenException",
        "RequestExpired",
        "InvalidToken",
        "InvalidSecurity",
        "AuthFailure",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "NotSignedUp",
        "OptInRequired",
    }
)
_DENIED: Final = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "AuthorizationError",
        "AuthorizationErrorException",
        "NotAuthorized",
        "UnauthorizedOperation",
        "KmsAccessDenied",
        "KMS.AccessDeniedException",
        "KMSAccessDeniedException",
    }
)
_MISSING: Final = frozenset(
    {
        "QueueDoesNotExist",
        "AWS.SimpleQueueService.NonExistentQueue",
        "InvalidAddress",
        "NotFound",
        "NotFoundException",
        "ResourceNotFoundException",
        "NoSuchBucket",
        "NoSuchKey",
        "NoSuchVersion",
        "404",
    }
)
_NO_RIGHTS: Final = frozenset({"InvalidObjectState", "RequestTimeTooSkewed"})
"""What AWS refuses with 403 though no right is missing: an object in an archive, a clock that is wrong."""


class AwsKeysRefused(NodeError):
    """AWS does not take the access key, its secret or the session token."""


class AwsAccessDenied(NodeError):
    """The key is right, and may not do what is asked. `details.action` names it."""


class AwsResourceMissing(NodeError):
    """There is no such queue, topic, bus or role in the account and the region."""


class AwsRefused(NodeError):
    """AWS refuses for another reason, in its own words. `details.code` is AWS's name for it."""


def region_unknown(error: ConnectionFailed, region: str, field: str = "") -> ConnectionFailed:
    """Return the error of a host that is not there, as none is in a region that AWS does not have."""
    where = "the credential, or in the URL or ARN that the node has" if field else "the credential"
    return ConnectionFailed(
        f"{error.message} There may be no region {region!r}.",
        f"Check the region in {where}: AWS writes them as eu-central-1 or us-east-1.",
        details={**error.details, "region": region},
    )


def in_words(error: AwsError, action: str, about: str, region: str, field: str = "") -> NodeError:
    """Return what AWS refused, for people.

    Args:
        error: as AWS answered it.
        action: what was asked, as IAM calls it: `sqs:ReceiveMessage`.
        about: of what: `the queue orders`.
        region: where.
        field: the parameter that names it; "" for none.
    """
    details: dict[str, object] = {"code": error.code, "status": error.status, "action": action}
    words = " ".join(error.message.split())[:500]
    said = f" AWS says: {words}" if words else ""
    placed = details | ({"field": field} if field else {})
    if error.code in _KEYS:
        # A region that has to be opted into, and was not, refuses every key (STS, "regions and endpoints").
        remedy = (
            "Check access key, secret and session token in the credential, and that the account has its region"
            " enabled; make a new key where it has ended."
        )
        return AwsKeysRefused(f"AWS does not take the credential's key ({error.code}).{said}", remedy, details=details)
    if error.code in _DENIED or (error.status == 403 and error.code not in _NO_RIGHTS):
        remedy = f"Allow {action} on it in the IAM policy of the key's user or role, and in its own policy."
        return AwsAccessDenied(f"The key may not do {action} on {about} ({error.code}).{said}", remedy, details=placed)
    if error.code in _MISSING:
        remedy = "Check its name, the account and the region; it must be in the region of the credential."
        message = f"There is nothing like {about} in {region} for this key.{said}"
        return AwsResourceMissing(message, remedy, details=placed)
    if error.status == 429 or (error.retryable and error.status < 500):
        return HttpRateLimited(f"AWS wants fewer calls of {action} ({error.code}).{said}", details=details)
    if error.status >= 500:
        return HttpServerError(f"AWS cannot do {action} now ({error.code}, {error.status}).{said}", details=details)
    remedy = "Look at what AWS says, at the credential, and at the node's parameters."
    return AwsRefused(f"AWS refuses {action} on {about} ({error.code}).{said}", remedy, details=placed)
