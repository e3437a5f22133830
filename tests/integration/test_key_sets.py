"""An issuer's key set (JWKS) on the embedded stack: the JWT node and a webhook fetch it from their own functions."""

import json
import time
import uuid
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from local.client.rest import Client
from tests.fakes.web import web_server
from tests.integration.conftest import Session
from tests.integration.test_flow import outputs, workflow
from tests.integration.test_keys import chains, key, result
from tests.integration.test_main_job import node, run_draft

pytestmark = pytest.mark.integration


def test_tokens_are_verified_with_the_keys_that_their_issuer_publishes(tenant: Session) -> None:
    ours, other = (rsa.generate_private_key(65537, 2048) for _ in range(2))
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(ours.public_key()))
    claims = {"sub": "ada", "aud": "hooks", "exp": int(time.time()) + 600}

    def token(signer: Any, kid: str, **more: Any) -> str:
        return jwt.encode({**claims, **more}, signer, "RS256", {"kid": kid})

    async def run(client: Client, url: str) -> None:
        good, forged, unknown = token(ours, "k1"), token(other, "k1"), token(ours, "k2")
        reads = await key(client, "jwt_key", jwksUrl=url)

        def verify(given: str) -> dict[str, Any]:
            return {"operation": "verify", "credential": reads, "token": given, "audience": "hooks"}

        document = chains(
            ("good", "start", "jwt", verify(f"Bearer {good}")),
            ("forged", "start", "jwt", verify(forged)),
            ("unknown", "start", "jwt", verify(unknown)),
        )
        ended = await run_draft(client, document)
        assert result(ended, "good", "token") == claims
        assert (result(ended, "forged"), result(ended, "unknown")) == ("TokenInvalid", "TokenInvalid")
        reasons = [outputs(ended, id, "error")[0]["error"]["details"]["reason"] for id in ("forged", "unknown")]
        assert reasons == ["signature", "unknownKey"]

        path = f"jwks-{uuid.uuid4().hex[:8]}"
        checks = await key(client, "webhook_jwt", jwksUrl=url, audience="hooks")
        params = {"path": path, "authentication": "jwt", "jwtCredential": checks, "respond": "lastNode"}
        made = workflow(f"Hook {path}", [node("hook", "webhook_trigger", params), node("end", "no_op")], "hook>end")
        made["nodes"] = made["nodes"][1:]
        id = (await client.post("/workflows", made))["id"]
        await client.post(f"/workflows/{id}/publish", {})
        address = next(one["url"] for one in (await client.get(f"/workflows/{id}"))["webhooks"])
        address = "/hooks/" + address.partition("/hooks/")[2]

        async def call(given: str) -> Any:
            return await client.raw("POST", address, json={}, headers={"authorization": f"Bearer {given}"})

        answer = await call(good)
        assert (answer.status_code, answer.json()["jwt"]["sub"]) == (200, "ada")
        for wrong in (forged, unknown, token(ours, "k1", aud="other"), token(ours, "k1", exp=1)):
            refused = await call(wrong)
            assert (refused.status_code, refused.json()["code"]) == (401, "not_allowed")

    with web_server() as web:
        keys = json.dumps({"keys": [{**public, "kid": "k1", "use": "sig"}]}).encode()
        web.routes["/jwks.json"] = lambda it: it.answer(200, keys, content_type="application/json")
        tenant(lambda client: run(client, web.url("/jwks.json")))
        assert {it.path for it in web.asked} == {"/jwks.json"}
