"""Google's token endpoint for service accounts: it verifies what is signed, and gives out the one token there is."""

import json
from typing import Any
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.fakes.google.server import Google
from tests.fakes.web import Exchange

TOKEN_URL = "https://oauth2.googleapis.com/token"


def service_account(google: Google, token: str = "ya29.good") -> str:
    """Have a service account, whose tokens are got at `/token`. Return its key's JSON."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def give(exchange: Exchange) -> None:
        form = {name: values[0] for name, values in parse_qs(exchange.asked.body.decode()).items()}
        google.asked.append("token")
        answer: dict[str, Any] = {"access_token": token, "expires_in": 3599, "token_type": "Bearer"}
        status = 200
        try:
            jwt.decode(form["assertion"], private.public_key(), algorithms=["RS256"], audience=TOKEN_URL)
        except jwt.InvalidTokenError:
            status, answer = 400, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}
        exchange.answer(status, json.dumps(answer).encode(), content_type="application/json")

    google.web.routes["/token"] = give
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    file = {"type": "service_account", "client_email": "r@p.iam.gserviceaccount.com", "private_key_id": "k"}
    return json.dumps({**file, "private_key": pem})
