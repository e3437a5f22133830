"""The embedded Redis asks everybody for a password, and the platform's functions may do what they need."""

import stat

import pytest
import redis

from local.settings import LocalSettings


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
