"""Whether an ID token is what was asked for (OpenID Connect Core 1.0, 3.1.3.7)."""

import hmac
from typing import Any, Final

import jwt

from api.services.sign_in.provider import Provider, ProviderError

ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures by a key that only the provider has: never `none`, never one that the client's secret makes."""
LEEWAY_SECONDS: Final = 60
_BAD: Final = "The provider's ID token does not count"


def claims_of(token: str, provider: Provider, keys: dict[str, Any], client_id: str, nonce: str) -> dict[str, Any]:
    """Return the claims of an ID token. Raises ProviderError."""
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in ALGORITHMS:
            raise ProviderError(f"{_BAD}: it is signed with {str(header.get('alg'))[:20]!r}.")
        claims: dict[str, Any] = jwt.decode(
            token,
            _key_of(header, keys),
            algorithms=[header["alg"]],
            audience=client_id,
            issuer=provider.issuer,
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iat", "sub", "aud", "iss"]},
        )
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise ProviderError(f"{_BAD}: {str(error)[:200]}.") from None
    audience = claims["aud"]
    shared = isinstance(audience, list) and len(audience) > 1
    if (shared or "azp" in claims) and claims.get("azp") != client_id:
        raise ProviderError(f"{_BAD}: it was given to another application.")
    given = claims.get("nonce")
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()):
        raise ProviderError(f"{_BAD}: it answers another sign-in.")
    if not isinstance(claims["sub"], str) or not claims["sub"] or len(claims["sub"]) > 255:
        raise ProviderError(f"{_BAD}: it does not say who signed in.")
    return claims


def _key_of(header: dict[str, Any], keys: dict[str, Any]) -> jwt.PyJWK:
    """Return the provider's key that a token names; the only one, where it names none."""
    known = [key for key in jwt.PyJWKSet.from_dict(keys).keys if key.public_key_use in (None, "sig")]
    named = [key for key in known if key.key_id == header.get("kid")] if header.get("kid") else known
    fitting = [key for key in named if key.key_type != "oct"]
    if len(fitting) != 1:
        raise ProviderError(f"{_BAD}: it names none of the provider's keys.")
    return fitting[0]
