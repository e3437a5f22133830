"""Data keys are wrapped by another KMS key while everything goes on: what is sealed opens before, then and after."""

import uuid
from collections.abc import Callable, Iterator

import psycopg
import pytest

from functions.system.vault.opening import open_credential
from functions.system.vault.types import types
from stepweave.aws import Aws, AwsError
from stepweave_data.link import Link
from stepweave_data.rewrapping import PAGE, PLACES, rewrap
from stepweave_data.vaulting import Sealed, context_of, seal, unseal
from tests.fixtures.moto_server import Boto
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant


class Kms:
    """KMS (moto's), as the vault uses it and as the operator does."""

    def __init__(self, key_id: str) -> None:
        self.key_id = key_id
        self.meanwhile: Callable[[], object] = lambda: None

    def generate_data_key(self, context: dict[str, str]) -> tuple[bytes, bytes]:
        return Aws.shared().keys.generate(self.key_id, context)

    def decrypt(self, wrapped: bytes, context: dict[str, str]) -> bytes:
        return Aws.shared().keys.unwrap(wrapped, context)

    def rewrap(self, wrapped: bytes, key_id: str, context: dict[str, str]) -> tuple[bytes, str]:
        answer = Aws.shared().keys.rewrap(wrapped, key_id, context)
        self.meanwhile()
        return answer


@pytest.fixture
def kms(on_moto: Boto) -> Iterator[tuple[Kms, Kms]]:
    made = [on_moto("kms").create_key()["KeyMetadata"]["Arn"] for _ in range(2)]
    yield Kms(made[0]), Kms(made[1])
    Aws.shared.cache_clear()


def sealed_in(databases: Databases, table: str, key: str, id: str) -> Sealed:
    with psycopg.connect(databases.owner) as connection:
        query = f"SELECT wrapped_key, nonce, ciphertext FROM {table} WHERE {key} = %s"
        row = connection.execute(query.encode(), (id,)).fetchone()
    assert row is not None
    return Sealed(*map(bytes, row))


def put(databases: Databases, query: str, *values: object) -> None:
    with psycopg.connect(databases.owner) as connection:
        connection.execute(query.encode(), values)


_CREDENTIAL = """INSERT INTO credentials (id, tenant_id, name, type, hint, wrapped_key, nonce, ciphertext)
                 VALUES (%s, %s, %s, 'smtp', '', %s, %s, %s)"""


def test_what_is_sealed_is_wrapped_anew_and_opens_as_before(
    databases: Databases, tenants: tuple[Tenant, Tenant], kms: tuple[Kms, Kms]
) -> None:
    old, new = kms
    ours = {"mine": tenants[0], "theirs": tenants[1]}
    ids = {name: str(uuid.uuid4()) for name in ours}
    for name, tenant in ours.items():
        one = seal({"host": name}, str(tenant.id), ids[name], old)
        put(databases, _CREDENTIAL, ids[name], tenant.id, name, one.wrapped_key, one.nonce, one.ciphertext)
    person = str(tenants[0].user_id)
    code = seal({"secret": "s"}, "people", person, old)
    totp = "INSERT INTO user_totp (user_id, wrapped_key, nonce, ciphertext) VALUES (%s, %s, %s, %s)"
    put(databases, totp, person, code.wrapped_key, code.nonce, code.ciphertext)
    broken = str(uuid.uuid4())
    put(databases, _CREDENTIAL, broken, tenants[0].id, "broken", b"none", b"n", b"c")
    try:
        before = sealed_in(databases, "credentials", "id", ids["mine"])
        assert unseal(before, str(tenants[0].id), ids["mine"], new) == {"host": "mine"}  # either opens it
        did = rewrap(databases.owner, new, new.key_id)
        assert f"credentials/{broken}" in did.failed
        assert (did.by[old.key_id], did.done, did.after) == (3, 3, None)
        assert rewrap(databases.owner, new, new.key_id).by == {new.key_id: 3}
        after = sealed_in(databases, "credentials", "id", ids["mine"])
        assert (after.nonce, after.ciphertext) == (before.nonce, before.ciphertext)
        assert after.wrapped_key != before.wrapped_key
        for name, tenant in ours.items():
            found = sealed_in(databases, "credentials", "id", ids[name])
            assert unseal(found, str(tenant.id), ids[name], new) == {"host": name}
        assert unseal(sealed_in(databases, "user_totp", "user_id", person), "people", person, new) == {"secret": "s"}
        with pytest.raises(AwsError):  # bound to its tenant as before
            new.decrypt(after.wrapped_key, context_of(str(tenants[1].id), ids["mine"]))
    finally:
        put(databases, "DELETE FROM credentials WHERE id = ANY (%s)", [*ids.values(), broken])
        put(databases, "DELETE FROM user_totp WHERE user_id = %s", person)


def test_what_somebody_seals_meanwhile_stays_theirs_and_a_run_goes_on_where_one_ended(
    databases: Databases, tenants: tuple[Tenant, Tenant], kms: tuple[Kms, Kms]
) -> None:
    old, new = kms
    last = "ffffffff-ffff-4fff-8fff-"  # credentials of other tests come before
    tenant, id = str(tenants[0].id), f"{last}{uuid.uuid4().hex[:12]}"
    one, theirs = (seal({"host": host}, tenant, id, old) for host in ("old", "theirs"))
    put(databases, _CREDENTIAL, id, tenant, "C", one.wrapped_key, one.nonce, one.ciphertext)
    change = "UPDATE credentials SET wrapped_key = %s, nonce = %s, ciphertext = %s WHERE id = %s"
    new.meanwhile = lambda: put(databases, change, theirs.wrapped_key, theirs.nonce, theirs.ciphertext, id)
    try:
        did = rewrap(databases.owner, new, new.key_id, ["credentials", last + 12 * "0"], seconds=-1)
        assert (did.done, did.after) == (0, ["credentials", id])
        assert unseal(sealed_in(databases, "credentials", "id", id), tenant, id, new) == {"host": "theirs"}
        assert rewrap(databases.owner, new, new.key_id, did.after).by == {}
        assert PAGE > 1
    finally:
        put(databases, "DELETE FROM credentials WHERE id = %s", id)


def test_runs_open_credentials_while_their_keys_are_wrapped_anew(
    databases: Databases, tenants: tuple[Tenant, Tenant], kms: tuple[Kms, Kms]
) -> None:
    old, new = kms
    tenant, link = str(tenants[0].id), Link(databases.app)
    last = "fffffffe-ffff-4fff-8fff-"
    ids = [f"{last}{uuid.uuid4().hex[:12]}" for _ in range(4)]
    for id in ids:
        one = seal({"host": id}, tenant, id, old)
        put(databases, _CREDENTIAL, id, tenant, id, one.wrapped_key, one.nonce, one.ciphertext)
    times: list[int] = []

    def opened() -> None:
        """Open all as a run does, between KMS's answer for one of them and its row's change."""
        for id in ids:
            request = {"tenantId": tenant, "credentialId": id, "type": "smtp"}
            assert open_credential(request, types(), link, new)["data"]["host"] == id
        times.append(len(times))

    new.meanwhile = opened
    try:
        assert rewrap(databases.owner, new, new.key_id, ["credentials", last + 12 * "0"]).done >= len(ids)
        assert len(times) >= len(ids)
        new.meanwhile = lambda: None
        opened()
    finally:
        link.close()
        put(databases, "DELETE FROM credentials WHERE id = ANY (%s)", ids)


def test_every_table_that_holds_sealed_data_is_known(databases: Databases) -> None:
    with psycopg.connect(databases.owner) as connection:
        rows = connection.execute(
            "SELECT table_name FROM information_schema.columns WHERE column_name = 'wrapped_key' ORDER BY table_name"
        ).fetchall()
    assert [name for (name,) in rows] == sorted(table for table, _, _ in PLACES)
