"""What botocore raises, as errors of our own, with AWS's words."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final

from botocore.eventstream import ParserError
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ParamValidationError,
    ReadTimeoutError,
    SSLError,
)
from botocore.parsers import ResponseParserError
from urllib3.exceptions import HTTPError
from urllib3.exceptions import ReadTimeoutError as StreamTimeout

from stepweave.runtime.errors import NodeError
from stepweave.runtime.network import ConnectionFailed
from stepweave_ai.accounts import Account
from stepweave_ai.errors import ModelAccessDenied, ModelNotFound, ModelRequestInvalid, ModelUnavailable
from stepweave_ai.failures import broken, cause_of_ours, refusal, timed_out

_STATUSES: Final = {
    "ThrottlingException": 429,
    "TooManyRequestsException": 429,
    "ServiceQuotaExceededException": 402,
    "ModelNotReadyException": 503,
    "ModelTimeoutException": 503,
    "ModelErrorException": 503,
    "ModelStreamErrorException": 503,
    "ServiceUnavailableException": 503,
    "InternalServerException": 500,
    "AccessDeniedException": 403,
    "UnrecognizedClientException": 403,
    "InvalidClientTokenId": 403,
    "InvalidSignatureException": 403,
    "SignatureDoesNotMatch": 403,
    "IncompleteSignature": 403,
    "MissingAuthenticationTokenException": 403,
    "ExpiredTokenException": 403,
    "ExpiredToken": 403,
    "ResourceNotFoundException": 404,
    "ValidationException": 400,
}
"""By AWS's name for it: the status of HTTP that says the same. Within a stream there is none, or one that misleads."""
_KEYS: Final = re.compile(r"ExpiredToken|UnrecognizedClient|InvalidClientToken|Signature|MissingAuthentication")
_NO_MODEL: Final = re.compile(r"model identifier is invalid|on-demand throughput isn|end of its life", re.I)


@contextmanager
def translated(account: Account, model: str) -> Iterator[None]:
    """Raise what botocore raises in the block as errors of our own.

    Raises:
        NodeError: as `stepweave_ai.errors` and `stepweave.runtime.network` say.
    """
    try:
        yield
    except NodeError:
        raise
    except (BotoCoreError, ClientError, ParserError, HTTPError) as error:
        raise _error_of(error, account, model) from None


@contextmanager
def parsed(account: Account) -> Iterator[None]:
    """Raise ModelUnavailable where botocore stumbles over an answer in the block: it takes every answer for AWS's."""
    try:
        yield
    except (ResponseParserError, AttributeError, TypeError, KeyError, ValueError) as error:
        raise ModelUnavailable(
            f"{account.host}: what answers is not Bedrock ({type(error).__name__}).",
            "Try again, or check the credential's region and endpoint.",
            details={"host": account.host},
        ) from None


def _error_of(error: Exception, account: Account, model: str) -> NodeError:
    own = cause_of_ours(error)
    if own is not None:
        return own
    if isinstance(error, ClientError):
        return _refused(error, account, model)
    if isinstance(error, ReadTimeoutError | ConnectTimeoutError | StreamTimeout):
        return timed_out(account)
    if isinstance(error, EndpointConnectionError | SSLError):
        return ConnectionFailed(
            f"{account.host}: the connection could not be made.",
            "Check the credential's region and endpoint.",
            details={"host": account.host},
        )
    if isinstance(error, ParamValidationError | NoCredentialsError):
        words = " ".join(str(error).split())[:500]
        return ModelRequestInvalid(f"{account.host} cannot be asked so: {words}", "Change the setting that it names.")
    return broken(account, error)


def _refused(error: ClientError, account: Account, model: str) -> NodeError:
    told: Mapping[str, Any] = error.response.get("Error", {})
    code, words = str(told.get("Code") or ""), str(told.get("Message") or "")
    name = code[:1].upper() + code[1:]  # events of a stream are called validationException
    status = _STATUSES.get(name) or _status(error)
    if error.operation_name == "AssumeRole":
        return ModelAccessDenied(
            f"The key may not take on the role ({name}): {words.rstrip('.')}.",
            "Check the key, the role's ARN, its trust policy and the external ID.",
            details={"code": name},
        )
    headers = error.response.get("ResponseMetadata", {}).get("HTTPHeaders") or {}
    made = refusal(account, model, status, {"message": words or name, "code": name}, headers)
    if status == 403 and _KEYS.search(name):
        remedy = "Check key, secret, session token and region in the credential; make a new key where it has ended."
        return ModelAccessDenied(made.message, remedy, details=made.details)
    if status == 403:
        remedy = (
            "Allow bedrock:InvokeModel and bedrock:InvokeModelWithResponseStream on the model in the key's policy, and "
            "ask for access to the model in the Bedrock console."
        )
        return ModelAccessDenied(made.message, remedy, details=made.details)
    if status == 400 and _NO_MODEL.search(words):
        remedy = (
            "Choose a model from the list: many are asked through an inference profile (us.…, eu.…, global.…) only."
        )
        return ModelNotFound(made.message, remedy, details=made.details)
    return made


def _status(error: ClientError) -> int:
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    return status if isinstance(status, int) and status >= 400 else 500


def of_models(account: Account) -> Account:
    """Return an account whose errors name the service that lists models."""
    return replace(account, base_url=account.base_url.replace("bedrock-runtime.", "bedrock."))
