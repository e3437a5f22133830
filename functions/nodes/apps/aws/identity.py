"""Tries an AWS credential out: asks who it is (`sts:GetCallerIdentity`), which no policy can forbid.

It goes where the triggers' calls go, signed as they are: through the guarded client, to the endpoint or to AWS.
"""

from typing import Any

from stepweave.runtime.asks import Asked
from stepweave.runtime.aws_account import account_of
from stepweave.runtime.aws_roles import texts
from stepweave.runtime.errors import CredentialMissing
from stepweave.runtime.http_errors import ResponseInvalid


def try_out(asked: Asked) -> dict[str, Any]:
    """Take on the role of the credential that is given (`credential`), where it has one, and return `message`.

    Raises:
        CredentialMissing: no credential is given, or it has no keys.
        NodeError: what `specs.ERRORS` names.
    """
    id = asked.given.get("credential")
    if not isinstance(id, str):
        raise CredentialMissing("There is no credential to test.", "Save it first.")
    account = account_of(asked, id, fresh=True)
    xml = account.query("sts", "GetCallerIdentity", "2011-06-15", {}, about="the key")
    (arn, *_), (number, *_) = texts(xml, "Arn") or [""], texts(xml, "Account") or [""]
    if not arn:
        raise ResponseInvalid("What answers to sts:GetCallerIdentity is not AWS.", "Check the endpoint.")
    return {"message": f"The key works: account {number}, {arn}."}
