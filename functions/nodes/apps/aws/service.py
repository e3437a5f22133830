"""A service of AWS, called with a tenant's keys: throttles are waited for, refusals are told in words."""

import random
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from functions.nodes.apps.aws.results import plain
from functions.nodes.apps.aws.session import made_client, session
from functions.nodes.apps.aws.specs import REGION_RULE
from stepweave.aws.errors import AwsError
from stepweave.runtime.aws_account import Account, Asks, account_of
from stepweave.runtime.aws_errors import in_words, region_unknown
from stepweave.runtime.errors import NodeError, ParameterInvalid
from stepweave.runtime.http.refusals import words_of
from stepweave.runtime.http_errors import HttpRateLimited, HttpServerError, ResponseInvalid
from stepweave.runtime.network import ConnectionFailed

PAUSES: Final = [0.2, 0.6, 1.5]
"""Seconds before a call that was throttled, or that AWS failed at, is made again."""


@dataclass
class Service:
    """A service in an account.

    Attributes:
        account: who asks, and where.
        name: as botocore calls it: `s3`.
    """

    account: Account
    name: str
    _client: Any = field(default=None, repr=False)

    @property
    def client(self) -> Any:
        """botocore's client; made when it is first needed. Raises ParameterInvalid where there is no such service."""
        if self._client is None:
            from botocore.exceptions import BotoCoreError

            try:
                self._client = made_client(self.account, self.name)
            except (BotoCoreError, ValueError) as error:
                raise ParameterInvalid(
                    f"AWS has no service {self.name!r}: {error}", "Choose one of the list."
                ) from None
        return self._client

    def model(self, operation: str) -> Any:
        """Return an operation's model, by its name in AWS's reference (`PutObject`)."""
        return self.client.meta.service_model.operation_model(operation)

    def call(self, operation: str, about: str, *, field: str = "", **params: Any) -> dict[str, Any]:
        """Call an operation, and return its answer without what is HTTP's.

        Args:
            operation: its name in AWS's reference: `PutObject`.
            about: what it is about, for errors: `the bucket orders`.
            field: the node's parameter that names that.
            params: of the operation; what is None is left out.

        Raises:
            NodeError: what `specs.ERRORS` names.
        """
        given = {name: value for name, value in params.items() if value is not None}
        for pause in (*PAUSES, None):
            try:
                return self._once(operation, about, field, given)
            except (HttpRateLimited, HttpServerError) as error:
                wait = 0.0 if pause is None else pause * random.uniform(0.5, 1.5)  # noqa: S311 - no secret
                if pause is None or time.monotonic() + wait >= self.account.deadline:
                    raise error from None
                time.sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    def pages(self, operation: str, about: str, *, field: str = "", **params: Any) -> Iterator[dict[str, Any]]:
        """Yield the pages of an operation's answer. Arguments and errors as of `call`."""
        pager = self.pager(operation)
        given, seen = dict(params), set()
        while True:
            page = self.call(operation, about, field=field, **given)
            yield page
            token = pager.next_of(page, given)
            if not token:
                return
            key = repr(sorted(token.items()))
            if key in seen:
                words = f"AWS gave the same next page of {operation} twice; what came before it is kept nowhere."
                raise ResponseInvalid(words, "Check the endpoint in the credential.")
            seen.add(key)
            given |= token

    def pager(self, operation: str) -> "Pager":
        """Return how an operation's answers are paged; one without pages has one."""
        try:
            known = _loader().load_service_model(self.name, "paginators-1").get("pagination", {})
        except Exception as error:
            if type(error).__name__ != "UnknownServiceError" and type(error).__name__ != "DataNotFoundError":
                raise
            known = {}
        return Pager(known.get(operation, {}))

    def _once(self, operation: str, about: str, field: str, params: Mapping[str, Any]) -> dict[str, Any]:
        from botocore.exceptions import BotoCoreError, ClientError
        from botocore.parsers import ResponseParserError

        action = f"{self.client.meta.service_model.signing_name}:{operation}"
        try:
            answer: dict[str, Any] = self.client._make_api_call(operation, dict(params))
        except ClientError as error:
            told = refused(error.response, action, about, self.account.region, field)
            answered: dict[str, Any] = dict(error.response)
            if answered.get("Item"):  # of a condition that does not hold
                told.details["item"] = plain(answered["Item"])
            raise told from None
        except ConnectionFailed as error:
            if self.account.endpoint or not error.nowhere:
                raise
            raise region_unknown(error, self.account.region, field) from None
        except BotoCoreError as error:
            raise _unsent(error, action, field) from None
        except (LookupError, AttributeError, TypeError, ValueError, RecursionError, ResponseParserError) as error:
            # Of botocore's parsers, for what they do not foresee.
            said = words_of(str(error).partition("succeed:")[2].strip().removeprefix("b'").removesuffix("'"))
            words = f"What answers to {action} cannot be read ({type(error).__name__})" + (f": {said}" if said else ".")
            raise ResponseInvalid(words, "Check the endpoint in the credential.") from error
        answer.pop("ResponseMetadata", None)
        return answer


@dataclass(frozen=True)
class Pager:
    """How an operation's answers are paged, as botocore's models say it."""

    told: Mapping[str, Any]

    @property
    def results(self) -> list[str]:
        """The names of what the pages list; none where the operation has no pages."""
        found = self.told.get("result_key", [])
        return [found] if isinstance(found, str) else list(found)

    def next_of(self, page: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the parameters of the page behind one; none at the end."""
        import jmespath

        more = self.told.get("more_results")
        if not self.told or (more and not jmespath.search(more, page)):
            return {}
        inputs, outputs = self.told["input_token"], self.told["output_token"]
        names = [inputs] if isinstance(inputs, str) else inputs
        paths = [outputs] if isinstance(outputs, str) else outputs
        found = {name: jmespath.search(path, page) for name, path in zip(names, paths, strict=True)}
        return {name: value for name, value in found.items() if value} if any(found.values()) else {}


def service_of(asked: Asks, name: str, region: str = "") -> Service:
    """Return a service in the account of a node's credential.

    Args:
        asked: a step, or an ask.
        name: as botocore calls it.
        region: where, if not in the credential's.

    Raises:
        ParameterInvalid: the region is none.
        NodeError: what `specs.ERRORS` names, where the role cannot be taken on.
    """
    if region and not REGION_RULE.fullmatch(region):
        remedy = "Write it as eu-central-1, or leave it empty for the credential's."
        raise ParameterInvalid(f"{region!r} is no region of AWS.", remedy, details={"field": "params.region"})
    return Service(account_of(asked).within(region), name)


class Services:
    """A service in an account, a client for each region that items name.

    Args:
        asked: the step.
        name: of the service, as botocore calls it.
    """

    def __init__(self, asked: Asks, name: str) -> None:
        self._asked, self._name = asked, name
        self._made: dict[str, Service] = {}

    def of(self, region: str, named: str = "") -> Service:
        """Return the service in a region.

        Args:
            region: its name; "" for that of what is named, or the credential's.
            named: the name or ARN of what is asked about: an ARN says where it is.

        Raises:
            NodeError: as of `service_of`.
        """
        if not region and named.startswith("arn:"):
            region = named.split(":")[3] if named.count(":") > 4 else ""
        if region not in self._made:
            self._made[region] = service_of(self._asked, self._name, region)
        return self._made[region]


def refused(response: Mapping[str, Any], action: str, about: str, region: str, field: str = "") -> NodeError:
    """Return what AWS refused, from botocore's reading of its answer."""
    told, meta = response.get("Error", {}), response.get("ResponseMetadata", {})
    code = str(told.get("Code") or "Unknown").rpartition("#")[2]
    error = AwsError.answered(code, str(told.get("Message") or ""), int(meta.get("HTTPStatusCode") or 400))
    return in_words(error, action, about, region, field)


def _unsent(error: Exception, action: str, field: str) -> NodeError:
    """Return the error of what botocore itself would not send or could not read."""
    words = " ".join(str(error).split())[:500]
    if type(error).__name__ in ("ResponseParserError", "IncompleteReadError", "ChecksumError", "FlexibleChecksumError"):
        return ResponseInvalid(f"What answers to {action} is not AWS: {words}", "Check the endpoint in the credential.")
    details = {"field": field} if field else {}
    return ParameterInvalid(f"{action} cannot be called: {words}", "Change the parameters.", details=details)


def _loader() -> Any:
    return session().get_component("data_loader")
