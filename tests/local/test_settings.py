import json
import stat
from pathlib import Path

import pytest

from local import up
from local.settings import LocalSettings, SettingsError
from local.stack import database


def test_ports_come_from_the_environment(tmp_path: Path) -> None:
    settings = LocalSettings.from_environment({"STEPWEAVE_STATE_DIR": str(tmp_path), "STEPWEAVE_PORT": "9000"})
    assert (settings.url, settings.mail_url) == ("http://127.0.0.1:9000", "http://127.0.0.1:8401")


@pytest.mark.parametrize("text", ["http", "0", "65536", "-1", "80.5"])
def test_a_port_that_is_none_is_refused_by_name(text: str) -> None:
    with pytest.raises(SettingsError, match="STEPWEAVE_DEMO_PORT"):
        LocalSettings.from_environment({"STEPWEAVE_DEMO_PORT": text})


@pytest.mark.parametrize("text", ["0.0.0.0", "192.168.1.5", "8.8.8.8", "169.254.1.1"])
def test_nobody_listens_beyond_this_machine_without_being_told_twice(text: str) -> None:
    with pytest.raises(SettingsError, match="STEPWEAVE_ALLOW_REMOTE=1"):
        LocalSettings.from_environment({"STEPWEAVE_LISTEN": text})
    told = {"STEPWEAVE_LISTEN": text, "STEPWEAVE_ALLOW_REMOTE": "1"}
    assert LocalSettings.from_environment(told).listen == text
    with pytest.raises(SettingsError, match="STEPWEAVE_ALLOW_REMOTE=1"):
        LocalSettings.from_environment({**told, "STEPWEAVE_ALLOW_REMOTE": "yes"})


@pytest.mark.parametrize("text", ["::", "::1", "localhost", "0", "*", "127.0.0.1:8400"])
def test_what_is_no_address_to_listen_at_is_refused_by_name(text: str) -> None:
    with pytest.raises(SettingsError, match="STEPWEAVE_LISTEN"):
        LocalSettings.from_environment({"STEPWEAVE_LISTEN": text, "STEPWEAVE_ALLOW_REMOTE": "1"})


def test_make_up_ends_before_anything_starts_where_it_would_listen_beyond(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STEPWEAVE_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("STEPWEAVE_LISTEN", "0.0.0.0")
    assert up.main(["--no-job"]) == 1
    assert "would let other machines in" in capsys.readouterr().err
    assert not (tmp_path / "state").exists()


def test_the_platforms_own_addresses_are_those_of_its_settings() -> None:
    outside = {
        "STEPWEAVE_AWS_ENDPOINT": "https://aws",
        "STEPWEAVE_DATABASE_URL": "postgresql://owner:pw@db:5433/postgres",
        "STEPWEAVE_REDIS_URL": "redis://cache/1",
        "STEPWEAVE_PORT": "9000",
    }
    assert LocalSettings.from_environment(outside).platform_addresses == {
        "API": "127.0.0.1:9000",
        "inbox": "127.0.0.1:8401",
        "mail server": "127.0.0.1:8402",
        "Postgres": "db:5433",
        "Redis": "cache:6379",
        "AWS": "aws:443",
    }


def test_outside_endpoints_replace_the_embedded_ones() -> None:
    settings = LocalSettings.from_environment(
        {
            "STEPWEAVE_AWS_ENDPOINT": "http://aws:4566",
            "STEPWEAVE_DATABASE_URL": "postgresql://owner:pw@db:5432/postgres",
            "STEPWEAVE_REDIS_URL": "redis://cache:6379/1",
        }
    )
    assert settings.aws_url == "http://aws:4566"
    assert settings.redis_url == "redis://cache:6379/1"
    assert database.owner_url(settings) == "postgresql://owner:pw@db:5432/stepweave"


def test_secrets_are_made_once_and_only_the_owner_reads_them(tmp_path: Path) -> None:
    first = LocalSettings(tmp_path / "state").secrets
    assert LocalSettings(tmp_path / "state").secrets == first
    assert stat.S_IMODE((tmp_path / "state" / "secrets.json").stat().st_mode) == 0o600
    assert len({first.jwt, first.app_password, first.demo_password, first.postgres_password}) == 4


def test_secrets_that_an_older_folder_lacks_are_added_and_the_others_stay(tmp_path: Path) -> None:
    before = {"jwt": "j", "app_password": "a", "demo_password": "d"}
    (tmp_path / "secrets.json").write_text(json.dumps(before))
    found = LocalSettings(tmp_path).secrets
    assert (found.jwt, found.app_password, found.demo_password) == ("j", "a", "d")
    assert len(found.postgres_password) > 30
    assert LocalSettings(tmp_path).secrets == found


def test_a_role_and_password_are_escaped_in_a_database_url() -> None:
    url = database.on_database("postgresql://postgres@127.0.0.1:1/postgres", "other", "user", "p@ss/word")
    assert url == "postgresql://user:p%40ss%2Fword@127.0.0.1:1/other"
