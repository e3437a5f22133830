"""Keys from the API through the vault to the nodes that use them: the right one, another, one that is gone."""

import base64
import hashlib
import hmac
import json
import uuid
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from local.client.rest import Client
from local.seed import people
from local.settings import LocalSettings
from tests.integration.conftest import Session
from tests.integration.test_flow import outputs, workflow
from tests.integration.test_main_job import node, run_draft

pytestmark = pytest.mark.integration

SECRET, OTHER = "a1" * 32, "b2" * 32
Key = rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey


def private(key: Key) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def public(key: Key) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def token(header: dict[str, Any], claims: dict[str, Any], secret: str) -> str:
    """Return a token that somebody else made: signed with HMAC, or with nothing where there is no secret."""
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, claims)]
    signed = b".".join(parts)
    made = hmac.new(secret.encode(), signed, hashlib.sha256).digest() if secret else b""
    return (signed + b"." + base64.urlsafe_b64encode(made).rstrip(b"=")).decode()


async def key(client: Client, type: str, **data: Any) -> str:
    body = {"name": f"{type} {uuid.uuid4().hex[:8]}", "type": type, "data": data}
    id: str = (await client.post("/credentials", body))["id"]
    return id


def chains(*nodes: tuple[str, str, str, dict[str, Any]]) -> dict[str, Any]:
    """Return a workflow of (node, the one before it, type, parameters); each fails into a port of its own."""
    made = [node(id, type, params, onError="branch") for id, _, type, params in nodes]
    edges = [f"{before}>{id}" for id, before, _, _ in nodes]
    return workflow(f"Keys {uuid.uuid4().hex[:6]}", made, *edges)


def result(execution: dict[str, Any], id: str, field: str = "data") -> Any:
    """Return what a node wrote to a field, or the type of its error."""
    run = next(run for run in execution["nodeRuns"] if run["nodeId"] == id)
    if "error" in run["output"]:
        return outputs(execution, id, "error")[0]["error"]["type"]
    return outputs(execution, id)[0][field]


def test_keys_go_through_the_vault_to_the_nodes(tenant: Session, settings: LocalSettings) -> None:
    rsa_key, other_rsa = (rsa.generate_private_key(65537, 2048) for _ in range(2))
    signing = ed25519.Ed25519PrivateKey.generate()

    async def theirs(client: Client) -> str:
        email = f"keys-{uuid.uuid4().hex[:8]}@example.com"
        await people.log_in_new(client, settings, email, "a-long-password", email)
        return await key(client, "crypto_key", secret=SECRET, secretFormat="hex")

    foreign = Session(settings, lambda client: client.get("/health"))(theirs)

    async def run(client: Client) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
        a = await key(client, "crypto_key", secret=SECRET, secretFormat="hex")
        b = await key(client, "crypto_key", secret=OTHER, secretFormat="hex")
        short = await key(client, "crypto_key", secret="a1a1", secretFormat="hex")
        pair = await key(client, "crypto_key", privateKey=private(signing))
        reader = await key(client, "crypto_key", publicKey=public(signing))
        hs = await key(client, "jwt_key", algorithm="HS256", secret=SECRET)
        other_hs = await key(client, "jwt_key", algorithm="HS256", secret=OTHER)
        rs = await key(client, "jwt_key", algorithm="RS256", privateKey=private(rsa_key))
        rs_reader = await key(client, "jwt_key", algorithm="RS256", publicKey=public(rsa_key))
        rs_other = await key(client, "jwt_key", algorithm="RS256", publicKey=public(other_rsa))
        gone = await key(client, "crypto_key", secret=SECRET, secretFormat="hex")
        await client.request("DELETE", f"/api/credentials/{gone}")
        changed = await key(client, "crypto_key", secret=SECRET, secretFormat="hex")

        def encrypt(credential: str) -> dict[str, Any]:
            return {"operation": "encrypt", "credential": credential, "text": "secret words"}

        def decrypt(credential: str) -> dict[str, Any]:
            return {"operation": "decrypt", "credential": credential, "text": "{{ $json.data }}"}

        def verify(credential: str, text: str = "{{ $json.token }}") -> dict[str, Any]:
            return {"operation": "verify", "credential": credential, "token": text, "outputField": "claims"}

        def sign(credential: str, **more: Any) -> dict[str, Any]:
            return {"operation": "sign", "credential": credential, "claims": {"sub": "ada"}, **more}

        check = {"operation": "verify", "signature": "{{ $json.data }}", "outputField": "genuine"}
        confused = token({"alg": "HS256", "typ": "JWT"}, {"sub": "eve"}, public(rsa_key))
        document = chains(
            ("encrypt", "start", "crypto", encrypt(a)),
            ("decrypt", "encrypt", "crypto", decrypt(a)),
            ("decryptOther", "encrypt", "crypto", decrypt(b)),
            ("short", "start", "crypto", encrypt(short)),
            ("gone", "start", "crypto", encrypt(gone)),
            ("foreign", "start", "crypto", encrypt(foreign)),
            ("wrongType", "start", "crypto", encrypt(hs)),
            ("noSecret", "start", "crypto", encrypt(pair)),
            ("ed", "start", "crypto", {"operation": "sign", "credential": pair, "text": "t"}),
            ("edTrue", "ed", "crypto", {**check, "credential": reader, "text": "t"}),
            ("edFalse", "ed", "crypto", {**check, "credential": reader, "text": "other"}),
            ("edNoKey", "start", "crypto", {"operation": "sign", "credential": reader, "text": "t"}),
            ("hs", "start", "jwt", sign(hs)),
            ("hsTrue", "hs", "jwt", verify(hs)),
            ("hsOther", "hs", "jwt", verify(other_hs)),
            ("hsAsRs", "hs", "jwt", verify(rs_reader)),
            ("expired", "start", "jwt", sign(hs, expiresIn=-10)),
            ("expiredRead", "expired", "jwt", verify(hs)),
            ("rs", "start", "jwt", sign(rs)),
            ("rsTrue", "rs", "jwt", verify(rs_reader)),
            ("rsOther", "rs", "jwt", verify(rs_other)),
            ("rsNoKey", "start", "jwt", sign(rs_reader)),
            ("confused", "start", "jwt", verify(rs_reader, confused)),
            ("unsigned", "start", "jwt", verify(hs, token({"alg": "none"}, {"sub": "eve"}, ""))),
        )
        first = await run_draft(client, document)
        # Of a key that no worker has used: those that have may keep it for half a minute (`credentials.KEPT_SECONDS`).
        shown = await client.get(f"/credentials/{changed}")
        await client.put(f"/credentials/{changed}", {"name": shown["name"], "data": {"secret": OTHER}})
        kept = outputs(first, "encrypt")[0]["data"]
        again = chains(
            ("old", "start", "crypto", {**decrypt(changed), "text": kept}),
            ("new", "start", "crypto", encrypt(changed)),
            ("newOther", "new", "crypto", decrypt(b)),
        )
        return first, await run_draft(client, again), shown

    first, second, shown = tenant(run)
    assert (first["status"], second["status"]) == ("succeeded", "succeeded"), (first["error"], second["error"])
    crypto = ("decrypt", "decryptOther", "short", "gone", "foreign", "wrongType", "noSecret", "edNoKey")
    assert {id: result(first, id) for id in crypto} == {
        "decrypt": "secret words",
        "decryptOther": "DecryptionFailed",
        "short": "KeyInvalid",
        "gone": "CredentialMissing",
        "foreign": "CredentialMissing",
        "wrongType": "CredentialTypeMismatch",
        "noSecret": "KeyInvalid",
        "edNoKey": "KeyInvalid",
    }
    assert (result(first, "edTrue", "genuine"), result(first, "edFalse", "genuine")) == (True, False)
    assert [result(first, id, "claims")["sub"] for id in ("hsTrue", "rsTrue")] == ["ada", "ada"]
    refused = ("hsOther", "hsAsRs", "expiredRead", "rsOther", "confused", "unsigned")
    assert {id: result(first, id, "claims") for id in refused} == dict.fromkeys(refused, "TokenInvalid")
    assert result(first, "rsNoKey", "token") == "KeyInvalid"
    assert (result(second, "old"), result(second, "newOther")) == ("DecryptionFailed", "secret words")
    told = json.dumps([first, second, shown])
    assert not [secret for secret in (SECRET, OTHER, private(signing), private(rsa_key)) if secret[:60] in told]
