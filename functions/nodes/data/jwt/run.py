"""Signs, verifies or reads one token for each item."""

import json
import re
import time
import warnings
from collections.abc import Sequence
from typing import Any, Final

import jwt

from functions.nodes.data.jwt.errors import KeyInvalid, TokenInvalid
from functions.nodes.data.jwt.keys import is_short, key_of
from functions.nodes.data.jwt.spec import Params
from stepweave.model.items import Item
from stepweave.runtime import Entry, Step
from stepweave.runtime.errors import ValueMismatch
from stepweave.runtime.jwks import KeySets, KeyUnknown
from stepweave.runtime.placing import placed, shown
from stepweave.runtime.tokens import TokenMalformed, header_of

KEY_SETS: Final = KeySets()
"""Of this worker."""
_SET_SECONDS: Final = 10.0
"""For a set of keys to arrive."""


class _Unknown(Exception):
    """A token names a key that its issuer has not."""


_REASONS: Final[tuple[tuple[type[Exception], str, str], ...]] = (
    (_Unknown, "unknownKey", "The token is of none of the issuer's keys."),
    (jwt.ExpiredSignatureError, "expired", "The token has expired."),
    (jwt.ImmatureSignatureError, "notYetValid", "The token is not valid yet."),
    (jwt.InvalidIssuerError, "issuer", "The token is of another issuer."),
    (jwt.InvalidAudienceError, "audience", "The token is not for this audience."),
    (jwt.MissingRequiredClaimError, "missingClaim", "A claim is missing."),
    (jwt.InvalidAlgorithmError, "algorithm", "The token names another algorithm than the credential's."),
    (jwt.InvalidSignatureError, "signature", "The token's signature does not fit."),
    (jwt.DecodeError, "malformed", "This is no token."),
    (jwt.InvalidTokenError, "claim", "A claim of the token is not valid."),
)
"""The first that fits counts: subclasses before what they extend."""
_REMEDIES: Final = {
    "unknownKey": "Choose the credential of the token's issuer.",
    "algorithm": "Choose the credential that the token was signed for.",
    "signature": "Choose the key that the token was signed with.",
    "audience": "Fill in the audience that the token names, if it is yours.",
}


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return one item for each input item, with a token or its claims in a field."""
    warned: set[str] = set()

    def work(entry: Entry[Params]) -> list[Item]:
        params = entry.params
        if params.operation == "decode":
            value: Any = _read(params, None, "")
        else:
            account = step.credential(params.credential, "jwt_key")
            algorithm = str(account.get("algorithm") or "HS256")
            if params.operation == "verify" and account.get("jwksUrl"):
                value = _read(params, *_published(step, params, str(account["jwksUrl"])))
            else:
                key = key_of(account, algorithm, signs=params.operation == "sign")
                if is_short(algorithm, key) and not warned:
                    warned.add(algorithm)
                    step.log("warning", f"The secret of the credential is shorter than {algorithm} should have.")
                value = _signed(params, key, algorithm) if params.operation == "sign" else _read(params, key, algorithm)
        return [placed(entry.item, params.output_field, value, keep=params.keep_other_fields)]

    return step.each(work)


def _published(step: Step[Params], params: Params, url: str) -> tuple[Any, Sequence[str]]:
    """Return the issuer's key that a token names, and the algorithms that it is for."""
    header = _header(_bare(params.token))
    deadline = time.monotonic() + min(_SET_SECONDS, step.remaining())
    try:
        found = KEY_SETS.key_for(url, header, deadline=deadline)
    except KeyUnknown as error:
        raise _refused(_Unknown(str(error))) from None
    return found.key, found.algorithms


def _bare(token: str) -> str:
    return re.sub(r"^\s*bearer\s+", "", token, flags=re.IGNORECASE).strip()


def _header(token: str) -> dict[str, Any]:
    try:
        return header_of(token)
    except TokenMalformed as error:
        raise _refused(jwt.DecodeError(str(error))) from None


def _signed(params: Params, key: Any, algorithm: str) -> str:
    claims = _claims(params.claims)
    now = time.time()
    times = {"exp": params.expires_in, "nbf": params.not_before_in}
    claims |= {name: int(now + seconds) for name, seconds in times.items() if seconds is not None}
    if params.issued_at:
        claims.setdefault("iat", int(now))
    audience = _names(params.audience)
    claims |= {"aud": audience if len(audience) > 1 else audience[0]} if audience else {}
    texts = {"sub": params.subject, "iss": params.issuer, "jti": params.token_id}
    claims |= {name: text for name, text in texts.items() if text}
    headers = {"kid": params.key_id} if params.key_id else None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of short secrets: said in the log
            return jwt.encode(claims, key, algorithm, headers)
    except (TypeError, ValueError, RecursionError) as error:
        raise ValueMismatch(
            f"The claims cannot be signed: {error}.", "Change the claims.", details={"field": "params.claims"}
        ) from None
    except jwt.PyJWTError:
        raise KeyInvalid(f"The key is not one for {algorithm}.", "Complete the credential.") from None


def _claims(value: Any) -> dict[str, Any]:
    if isinstance(value, str) and value.strip():
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            raise _no_object(value) from None
    if value in (None, ""):
        return {}
    if not isinstance(value, dict):
        raise _no_object(value)
    return dict(value)


def _no_object(value: Any) -> ValueMismatch:
    return ValueMismatch(f"{shown(value)} are no claims.", "Give a JSON object.", details={"field": "params.claims"})


def _read(params: Params, key: Any, algorithms: str | Sequence[str]) -> Any:
    token, allowed = _bare(params.token), [algorithms] if isinstance(algorithms, str) else list(algorithms)
    if key is not None:
        _header(token)
    audience = _names(params.audience)
    checks: dict[str, Any] = {"verify_signature": key is not None}
    if key is not None:
        checks |= {
            "verify_exp": not params.ignore_expiration,
            "verify_nbf": not params.ignore_not_before,
            "require": _names(params.required),
        }
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = jwt.decode_complete(
                token,
                key or "",
                algorithms=allowed if key is not None else None,
                options=checks,  # type: ignore[arg-type]  # a typed dictionary, filled in steps
                audience=audience or None if key is not None else None,
                issuer=params.issuer or None if key is not None else None,
                leeway=params.leeway,
            )
    except jwt.InvalidKeyError:
        raise KeyInvalid(f"The key is not one for {' or '.join(allowed)}.", "Complete the credential.") from None
    except jwt.PyJWTError as error:
        raise _refused(error) from None
    except (ValueError, OverflowError, RecursionError, TypeError, KeyError, AttributeError) as error:
        raise _refused(jwt.DecodeError(type(error).__name__)) from None
    if not params.complete:
        return found["payload"]
    signature = token.rpartition(".")[2]
    return {"header": found["header"], "payload": found["payload"], "signature": signature}


def _refused(error: Exception) -> TokenInvalid:
    reason, words = next((reason, words) for kind, reason, words in _REASONS if isinstance(error, kind))
    told = str(error).rstrip(".")
    more = f" ({told})" if reason in ("malformed", "claim", "missingClaim", "unknownKey") and told else ""
    remedy = _REMEDIES.get(reason, "Ask who gave the token for another.")
    return TokenInvalid(f"{words.rstrip('.')}{more}.", remedy, details={"reason": reason, "field": "params.token"})


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]
