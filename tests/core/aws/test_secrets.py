"""Secrets: from the environment, from Secrets Manager once in a while, and never a stale one for long."""

import pytest

from stepweave.aws import AwsError, secrets
from tests.fixtures.moto_server import Boto


def test_on_one_machine_a_variable_holds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEPWEAVE_X", "hush")
    assert (secrets.secret("STEPWEAVE_X"), secrets.is_set("STEPWEAVE_X")) == ("hush", True)
    assert not secrets.is_set("STEPWEAVE_Y")
    with pytest.raises(KeyError, match="STEPWEAVE_Y_ARN"):
        secrets.secret("STEPWEAVE_Y")


def test_on_aws_it_is_read_once_and_a_change_is_known_in_minutes(
    on_moto: Boto, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, clock = on_moto("secretsmanager"), [1000.0]
    monkeypatch.setattr("stepweave.aws.secrets.time.monotonic", lambda: clock[0])
    arn = store.create_secret(Name="rotated", SecretString="old")["ARN"]
    monkeypatch.setenv("STEPWEAVE_X_ARN", arn)
    assert secrets.is_set("STEPWEAVE_X")
    assert secrets.secret("STEPWEAVE_X") == "old"
    store.update_secret(SecretId=arn, SecretString="new")
    clock[0] += secrets.KEPT_SECONDS - 1
    assert secrets.secret("STEPWEAVE_X") == "old"
    clock[0] += 1
    assert secrets.secret("STEPWEAVE_X") == "new"


def test_one_that_is_not_there_is_an_aws_error(on_moto: Boto) -> None:
    with pytest.raises(AwsError, match="ResourceNotFoundException"):
        secrets.secret_of("none")
