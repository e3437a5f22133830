"""The crypto node: known answers, keys, what was changed, files piece by piece."""

import base64
import hashlib
import re
import time
import uuid
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa, x25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from functions.nodes.data.crypto.errors import DecryptionFailed, KeyInvalid
from functions.nodes.data.crypto.run import run
from functions.nodes.data.crypto.spec import SPEC
from stepweave.model.items import Item
from stepweave.runtime.errors import CredentialMissing, NodeError, ParameterInvalid, ValueMismatch
from tests.fakes.steps import BUCKET, TENANT, Bench, items

HEX_KEY = {"secret": "00" * 32, "secretFormat": "hex"}
PASSWORD = {"secret": "correct horse battery staple"}
RSA = rsa.generate_private_key(65537, 2048)
P256 = ec.generate_private_key(ec.SECP256R1())
P384 = ec.generate_private_key(ec.SECP384R1())
ED25519 = ed25519.Ed25519PrivateKey.generate()
PAIRS = pytest.mark.parametrize("key", [RSA, P256, P384, ED25519], ids=["rsa", "p256", "p384", "ed25519"])


def pem(key: Any, passphrase: str = "") -> str:
    how = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    return str(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how).decode())


def public_pem(key: Any) -> str:
    return str(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode())


def bench(account: dict[str, Any] | None = None) -> Bench:
    node = Bench(SPEC, run)
    if account is not None:
        node.outside.credentials["k", "crypto_key"] = account
    return node


def made(operation: str, text: Any = None, account: dict[str, Any] | None = None, **more: Any) -> Any:
    params = {"operation": operation, **({} if text is None else {"text": text}), **more}
    if account is not None:
        params["credential"] = "k"
    return bench(account).json(params, items({}))[0]["data"]


def stored(node: Bench, content: bytes, name: str = "a.bin") -> list[Item]:
    key = f"{TENANT}/x/file"
    node.outside.storage.objects[BUCKET, key] = content
    sha256 = hashlib.sha256(content).hexdigest()
    ref: Any = {
        "bucket": BUCKET,
        "key": key,
        "size": len(content),
        "sha256": sha256,
        "mimeType": "x/y",
        "fileName": name,
    }
    return [{"json": {}, "binary": {"data": ref}}]


@pytest.mark.parametrize(
    ("algorithm", "expected"),
    [
        ("md5", "900150983cd24fb0d6963f7d28e17f72"),
        ("sha1", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        ("sha256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("sha3_256", "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"),
        ("blake2s", "508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982"),
    ],
)
def test_hashes_of_abc(algorithm: str, expected: str) -> None:
    assert made("hash", "abc", algorithm=algorithm) == expected
    assert made("hash", "YWJj", algorithm=algorithm, textEncoding="base64") == expected
    assert made("hash", "61 62 63", algorithm=algorithm, textEncoding="hex") == expected


def test_results_are_encoded_as_asked_for() -> None:
    assert made("hash", "", encoding="base64") == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    assert made("hash", "", encoding="base64url") == "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
    assert made("hash", 5) == hashlib.sha256(b"5").hexdigest()
    assert made("hash", "\u00e9\U0001f389") == hashlib.sha256("é🎉".encode()).hexdigest()


@pytest.mark.parametrize(("text", "encoding"), [("xyz", "hex"), ("abc", "hex"), ("a!b", "base64"), ("é", "base64")])
def test_what_is_not_in_its_encoding_is_refused(text: str, encoding: str) -> None:
    with pytest.raises(ValueMismatch, match=r"is no (hexadecimal|Base64)"):
        made("hash", text, textEncoding=encoding)


def test_hmac_is_rfc_4231s_and_is_checked_in_constant_time() -> None:
    account = {"secret": "Jefe"}
    expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    text = "what do ya want for nothing?"
    assert made("hmac", text, account) == expected
    assert made("verifyHmac", text, account, signature=expected.upper()) is True
    for wrong in (expected[:-2] + "00", expected[:-2], "no hex", "é", "00" * 5000):
        assert made("verifyHmac", text, account, signature=wrong) is False
    assert made("hmac", "a", {"secret": "4a656665", "secretFormat": "hex"}) == made("hmac", "a", account)


@pytest.mark.parametrize("account", [HEX_KEY, PASSWORD, {"secret": "MDEyMzQ1Njc4OWFiY2RlZg", "secretFormat": "base64"}])
def test_what_is_encrypted_is_decrypted_with_key_and_context(account: dict[str, Any]) -> None:
    sealed = made("encrypt", "Grüße 🎉", account, context="c1")
    assert re.fullmatch(r"U1dFA[A-Za-z0-9_-]+", sealed)
    assert sealed != made("encrypt", "Grüße 🎉", account, context="c1")
    assert made("decrypt", sealed, account, context="c1") == "Grüße 🎉"
    assert made("decrypt", made("encrypt", "", account), account) == ""
    with pytest.raises(DecryptionFailed, match="The key or the context is another, or it was changed"):
        made("decrypt", sealed, account, context="c2")
    with pytest.raises(DecryptionFailed):
        made("decrypt", sealed, {"secret": "11" * 32, "secretFormat": "hex"}, context="c1")
    assert made("decrypt", made("encrypt", "//8=", account, textEncoding="base64"), account) == "//8="


def test_every_changed_byte_is_found() -> None:
    sealed = base64.urlsafe_b64decode(made("encrypt", "abc", HEX_KEY) + "==")
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(DecryptionFailed):
            made("decrypt", base64.urlsafe_b64encode(changed).decode(), HEX_KEY)
    for odd in ("", "abc", "====", "U1dFAQ", "\u00e9", sealed.hex()):
        with pytest.raises(NodeError):
            made("decrypt", odd, HEX_KEY)


@pytest.mark.parametrize("size", [0, 1, 65536, 65537, 3 * 65536, 200_000])
def test_a_file_passes_in_pieces_and_none_can_be_cut_or_moved(size: int) -> None:
    node, content = bench(HEX_KEY), bytes(range(256)) * (size // 256 + 1)
    content = content[:size]
    params = {"operation": "encrypt", "source": "file", "credential": "k", "outputField": "size", "outputFile": "enc"}
    [sealed] = node(params, stored(node, content))["output"]["main"]["items"]
    ref = sealed["binary"]["enc"]
    assert ref["fileName"] == "a.bin.enc"
    whole = node.outside.storage.objects[BUCKET, ref["key"]]
    assert sealed["json"]["size"] == len(whole) == 37 + size + 16 * max(1, -(-size // 65536))
    back = {**params, "operation": "decrypt", "file": "enc", "outputFile": "plain"}
    [opened] = node(back, [sealed])["output"]["main"]["items"]
    assert node.outside.storage.objects[BUCKET, opened["binary"]["plain"]["key"]] == content
    assert opened["binary"]["plain"]["fileName"] == "a.bin"
    if size > 2 * 65536:
        piece = 65536 + 16
        head, first, second = whole[:37], whole[37 : 37 + piece], whole[37 + piece : 37 + 2 * piece]
        for cut in (head + first, head + second + first + whole[37 + 2 * piece :], whole + b"x", whole[:-1], head):
            with pytest.raises(DecryptionFailed):
                node({**back, "file": "data"}, stored(node, cut))


@PAIRS
@pytest.mark.parametrize("more", [{}, {"signatureHash": "sha512", "rsaPadding": "pss", "ecdsaForm": "raw"}])
def test_signatures_fit_the_message_and_nothing_else(key: Any, more: dict[str, Any]) -> None:
    both = {"privateKey": pem(key)}
    signature = made("sign", "hello", both, encoding="base64", **more)
    only_public = {"publicKey": public_pem(key)}
    check = {"signature": signature, "encoding": "base64", **more}
    assert made("verify", "hello", both, **check) is True
    assert made("verify", "hello", only_public, **check) is True
    assert made("verify", "hello!", only_public, **check) is False
    other = {"publicKey": public_pem(ED25519 if key is not ED25519 else RSA)}
    assert made("verify", "hello", other, **check) is False
    for odd in ("AAAA", "no base64!", base64.b64encode(b"\xff" * 256).decode(), base64.b64encode(b"\0" * 64).decode()):
        assert made("verify", "hello", only_public, **{**check, "signature": odd}) is False


def test_keys_are_read_as_people_paste_them() -> None:
    expected = made("sign", "a", {"privateKey": pem(ED25519)})
    assert made("sign", "a", {"privateKey": pem(ED25519).replace("\n", "\\n")}) == expected
    assert made("sign", "a", {"privateKey": pem(ED25519).replace("\n", " ")}) == expected
    assert made("sign", "a", {"privateKey": pem(ED25519, "pw"), "passphrase": "pw"}) == expected


@pytest.mark.parametrize(
    ("account", "words"),
    [
        ({}, "no private key"),
        ({"privateKey": "nonsense"}, "cannot be read"),
        ({"privateKey": public_pem(RSA)}, "cannot be read"),
        ({"privateKey": pem(ED25519, "pw")}, "passphrase"),
        ({"privateKey": pem(ED25519, "pw"), "passphrase": "wrong-one"}, "passphrase"),
        ({"privateKey": pem(rsa.generate_private_key(65537, 1024))}, "has 1024 bits"),
        ({"privateKey": pem(x25519.X25519PrivateKey.generate())}, "signs nothing"),
    ],
)
def test_a_key_that_cannot_sign_is_refused_without_a_word_of_it(account: dict[str, Any], words: str) -> None:
    with pytest.raises(KeyInvalid, match=words) as caught:
        made("sign", "a", account)
    for secret in filter(None, account.values()):
        assert secret not in str(caught.value.to_json())


@pytest.mark.parametrize(
    ("operation", "account", "words"),
    [
        ("hmac", {}, "no secret"),
        ("hmac", {"secret": "xyz", "secretFormat": "hex"}, "not in the format hex"),
        ("encrypt", {"secret": "0011", "secretFormat": "hex"}, "has 2 bytes"),
        ("verify", {"publicKey": "nonsense"}, "public key cannot be read"),
    ],
)
def test_a_secret_that_does_not_fit_is_refused(operation: str, account: dict[str, Any], words: str) -> None:
    with pytest.raises(KeyInvalid, match=words):
        made(operation, "a", account, **({"signature": "00"} if operation == "verify" else {}))


def test_what_is_missing_is_named() -> None:
    with pytest.raises(CredentialMissing):
        bench().json({"operation": "hmac", "text": "a", "credential": "k"}, items({}))
    with pytest.raises(ParameterInvalid, match="the item has no file “data”"):
        made("hash", source="file")
    with pytest.raises(ParameterInvalid, match="From is 5, which is above 4"):
        made("random", randomKind="number", lowest=5, highest=4)
    with pytest.raises(ParameterInvalid, match="no characters to choose from"):
        made("random", alphabet="")
    with pytest.raises(ParameterInvalid):
        made("random", length=1e9)


def test_a_file_is_hashed_as_a_stream() -> None:
    node = bench()
    given = stored(node, b"abc" * 100_000)
    [row] = node.json({"operation": "hash", "source": "file"}, given)
    assert row["data"] == hashlib.sha256(b"abc" * 100_000).hexdigest()


def test_random_values_have_the_length_and_characters_asked_for() -> None:
    assert re.fullmatch("[A-Za-z0-9]{32}", made("random"))
    assert re.fullmatch("[ä🎉]{500}", made("random", length=500, alphabet="ää🎉"))
    assert re.fullmatch("[0-9a-f]{8}", made("random", randomKind="hex", length=4))
    assert len(base64.b64decode(made("random", randomKind="base64", length=9))) == 9
    numbers = {made("random", randomKind="number", lowest=-1, highest=1) for _ in range(200)}
    assert numbers == {-1, 0, 1}
    assert made("random", randomKind="number", lowest=7, highest=7) == 7


def test_uuids_are_of_their_version_and_sort_by_time() -> None:
    four, seven = uuid.UUID(made("uuid")), [uuid.UUID(made("uuid", uuidVersion="v7")) for _ in range(3)]
    assert (four.version, four.variant) == (4, uuid.RFC_4122)
    assert {(one.version, one.variant) for one in seven} == {(7, uuid.RFC_4122)}
    times = [one.int >> 80 for one in seven]
    assert times == sorted(times)
    assert abs(times[0] / 1000 - time.time()) < 60
