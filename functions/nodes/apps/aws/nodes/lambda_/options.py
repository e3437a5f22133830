"""The account's functions, for the editor to choose from."""

from collections.abc import Mapping
from typing import Any, Final

from functions.nodes.apps.aws.service import service_of
from stepweave.runtime.asks import Asked
from stepweave.runtime.options import LoadOptions, Option, Options, Wanted


def functions(asked: Asked, wanted: Wanted) -> Options:
    """Return the functions of the credential's account, in its region."""
    request: dict[str, Any] = {"Marker": wanted.page or None}
    answer = service_of(asked, "lambda").call("ListFunctions", "the account's functions", **request)
    found = [Option(one["FunctionName"], detail=str(one.get("Runtime") or "")) for one in answer.get("Functions", [])]
    return Options(found, str(answer.get("NextMarker") or ""))


LOADERS: Final[Mapping[str, LoadOptions]] = {"functions": functions}
