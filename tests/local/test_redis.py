"""The embedded Redis asks everybody for a password, and the platform's functions may do what they need."""

import socket
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest
import redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from functions.system.webhook.idempotency import Claim
from local.settings import LocalSettings
from local.stack.redis import part
from stepweave_data.history.live import Watchers, give_ticket
from tests.functions.system.hooks import target


@pytest.mark.parametrize("login", ["", "nobody:x@", ":wrong@", "stepweave_app:wrong@", "stepweave_app@", "default@"])
def test_nobody_is_let_in_without_their_password(redis_url: str, servers_settings: LocalSettings, login: str) -> None:
    with redis.Redis.from_url(f"redis://{login}127.0.0.1:{servers_settings.redis_port}/0") as client:
        with pytest.raises((redis.AuthenticationError, redis.ResponseError)):
            client.get("standing:x")
        with pytest.raises((redis.AuthenticationError, redis.ResponseError)):
            client.execute_command("INFO")


@pytest.mark.parametrize(
    "command",
    [
        "FLUSHALL",
        "FLUSHDB",
        "KEYS *",
        "CONFIG GET requirepass",
        "CONFIG SET dir /tmp",
        "SAVE",
        "SHUTDOWN NOSAVE",
        "DEBUG SLEEP 0",
        "ACL LIST",
        "ACL SETUSER stepweave_app +@all",
        "CLIENT LIST",
        "MONITOR",
        "REPLICAOF 127.0.0.1 1",
        "MODULE LIST",
        "MIGRATE 127.0.0.1 1 k 0 1",
        "INFO",
        "SWAPDB 0 1",
    ],
)
def test_the_functions_neither_empty_nor_set_up_the_server(
    redis_url: str, servers_settings: LocalSettings, command: str
) -> None:
    with redis.Redis.from_url(servers_settings.redis_url) as client:
        client.set("k", "v")
        with pytest.raises(redis.exceptions.NoPermissionError):
            client.execute_command(command)
        with pytest.raises(redis.ResponseError, match=r"can't run this command|not allowed from scripts"):
            client.eval("return redis.call(unpack(ARGV))", 0, *command.split())
        assert client.get("k") == b"v"


def test_passwords_lie_in_no_command_line_and_in_no_readable_file(
    redis_url: str, servers_settings: LocalSettings
) -> None:
    file = servers_settings.state / "redis" / "users.acl"
    secrets = servers_settings.secrets
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert secrets.redis_password not in file.read_text()
    assert secrets.redis_app_password not in file.read_text()


def test_what_was_answered_is_there_after_a_kill(tmp_path: Path) -> None:
    """Keys of calls count once, and what was used up stays used up: a ticket, a code, a try."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        settings = LocalSettings(tmp_path, redis_port=free.getsockname()[1])
    given = target()
    with running(settings) as process, redis.Redis.from_url(settings.redis_url, decode_responses=True) as client:
        assert Claim(client, "order 7", given, "asked").take("first", 1) is None
        ticket, unused = (sha256(give_ticket(client, "t", "u").encode()).hexdigest() for _ in range(2))
        assert Watchers(client).take_ticket(ticket) is not None
        client.incr("rate:login:somebody")
        process.kill()
        process.wait()
    with running(settings), redis.Redis.from_url(settings.redis_url, decode_responses=True) as client:
        former = Claim(client, "order 7", given, "asked").take("second", 0)
        assert former is not None
        assert former.execution_id == "first"
        assert Watchers(client).take_ticket(ticket) is None
        assert Watchers(client).take_ticket(unused) is not None
        assert client.get("rate:login:somebody") == "1"


@contextmanager
def running(settings: LocalSettings) -> Iterator["subprocess.Popen[bytes]"]:
    """Run the very server that `make up` does, for the block."""
    process = subprocess.Popen(list(part(settings, {}).command), stdout=subprocess.DEVNULL)
    try:
        with redis.Redis.from_url(settings.redis_url, retry=Retry(ConstantBackoff(0.02), 500)) as client:
            client.ping()
        yield process
    finally:
        process.kill()
        process.wait()
