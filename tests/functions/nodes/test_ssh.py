"""SSH commands against a real server, whose commands run in a real shell."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from functions.nodes.network.ssh import shell
from functions.nodes.network.ssh.run import run
from functions.nodes.network.ssh.spec import SPEC
from functions.nodes.network.ssh.trying import try_out
from stepweave.runtime.errors import CredentialMissing, NodeError
from stepweave.runtime.ssh import fingerprints
from tests.fakes.steps import TENANT, Bench, items
from tests.fixtures.ssh_server import KEYS, PASSWORD, SshServer, fingerprint, ssh_server
from tests.functions.nodes.aws import Trigger


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ssh")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[SshServer]:
    with ssh_server(folder) as made:
        yield made


@pytest.fixture
def bench(server: SshServer, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    server.logins.clear()
    made = Bench(SPEC, run)
    made.outside.credentials["c", "ssh"] = server.account()
    return made


def do(bench: Bench, command: str, *inputs: dict[str, Any], **params: Any) -> list[dict[str, Any]]:
    return bench.json({"credential": "c", "command": command, **params}, items(*(inputs or ({},))))


def failure(bench: Bench, command: str = "true", **params: Any) -> Any:
    with pytest.raises(NodeError) as caught:
        bench({"credential": "c", "command": command, **params}, items({}))
    told = caught.value.to_json()
    assert PASSWORD not in str(told)
    return told


def test_a_commands_outputs_and_status_are_the_item(bench: Bench, server: SshServer) -> None:
    found = do(bench, "echo out {{ $json.n }}; echo grüße >&2", {"n": 1}, {"n": 2})
    assert found[0] == {"stdout": "out 1\n", "stderr": "grüße\n", "exitCode": 0}
    assert [one["stdout"] for one in found] == ["out 1\n", "out 2\n"]
    assert server.logins == ["ada"]  # one connection for both


@pytest.mark.parametrize(
    "value", ["a b", "it's", "$(id)", "`id`", "; id", "-n", "", "ü\n", "$HOME", "*", 5, True, {"a": 1}]
)
def test_arguments_and_input_never_become_commands(bench: Bench, value: Any) -> None:
    text = (
        value
        if isinstance(value, str)
        else {5: "5", True: "true"}.get(value if isinstance(value, int) else 0, '{"a": 1}')
    )
    [found] = do(bench, "printf '<%s>'", {"v": value}, arguments=["{{ $json.v }}"])
    assert found["stdout"] == f"<{text}>"
    [found] = do(bench, "cat", {"v": value}, stdin="{{ $json.v }}")
    assert found["stdout"] == text


def test_a_command_runs_in_its_directory(bench: Bench, folder: Path) -> None:
    place = folder / "it's here"
    place.mkdir()
    assert do(bench, "pwd # a comment", directory=str(place))[0]["stdout"] == f"{place}\n"
    assert "no such file" in failure(bench, "pwd", directory="/none/at/all")["message"].lower() + "no such file"


def test_a_failing_command_is_told_in_its_own_words_or_goes_on(bench: Bench) -> None:
    told = failure(bench, "echo half; echo cannot do it >&2; exit 3")
    assert (told["type"], told["message"]) == (
        "SshCommandFailed",
        "The command ended with the exit status 3: cannot do it.",
    )
    assert told["details"] == {"exitCode": 3, "stdout": "half\n", "stderr": "cannot do it\n"}
    assert do(bench, "exit 3", acceptFailure=True)[0]["exitCode"] == 3
    assert "by the signal KILL" in failure(bench, "kill -9 $$")["message"]
    assert do(bench, "kill -9 $$", acceptFailure=True)[0] == {
        "stdout": "", "stderr": "", "exitCode": None, "signal": "KILL",
    }  # fmt: skip


def test_an_items_error_is_its_own(bench: Bench) -> None:
    params = {"credential": "c", "command": "exit {{ $json.n }}"}
    output = bench(params, items({"n": 0}, {"n": 1}, {"n": 0}), settings={"onError": "continue"})["output"]["main"]
    found = [one["json"] for one in bench.outside.claims.fetch(output, TENANT)]
    assert [one.get("error", {}).get("type") for one in found] == [None, "SshCommandFailed", None]


def test_large_outputs_are_cut_and_the_command_goes_on(bench: Bench) -> None:
    [found] = do(bench, "head -c 300000 /dev/zero | tr '\\0' x; echo end >&2", mostKb=10)
    assert (len(found["stdout"].encode()), found["cut"]) == (10240, ["stdout"])
    assert found["stderr"] == "end\n"
    [found] = do(bench, "yes ü | head -c 30000 | tr -d '\\n'", mostKb=1)
    assert found["stdout"] == "ü" * 512
    [found] = do(bench, "printf x; yes ü | head -c 30000 | tr -d '\\n'", mostKb=1)
    assert found["stdout"] == "x" + "ü" * 511
    [found] = do(bench, "printf '\\377\\376'")
    assert found["stdout"] == "\ufffd\ufffd"


def test_large_input_goes_in_and_a_command_may_leave_it(bench: Bench) -> None:
    assert do(bench, "wc -c", stdin="x" * 3_000_000)[0]["stdout"].strip() == "3000000"
    assert do(bench, "echo done", stdin="x" * 3_000_000)[0]["stdout"] == "done\n"


def test_a_command_that_hangs_is_ended_and_the_next_item_is_done(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shell, "_END_SECONDS", 0.01)  # the server does not care for signals
    told = failure(bench, "echo begun; sleep 30", seconds=0.3)
    assert (told["type"], told["details"]["stdout"]) == ("SshCommandTimeout", "begun\n")
    params = {"credential": "c", "command": "{{ $json.c }}", "seconds": 0.3}
    rows = items({"c": "sleep 30"}, {"c": "echo hi"})
    output = bench(params, rows, settings={"onError": "continue"})["output"]["main"]
    found = [one["json"] for one in bench.outside.claims.fetch(output, TENANT)]
    assert (found[0]["error"]["type"], found[1]["stdout"]) == ("SshCommandTimeout", "hi\n")


def test_what_is_left_in_the_background_is_not_waited_for(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in ronf/asyncssh#585 and #137, appleboy/ssh-action#40."""
    monkeypatch.setattr(shell, "_LEFT_SECONDS", 0.05)
    [found] = do(bench, "nohup sleep 30 & echo begun", seconds=20)
    assert (found["stdout"], found["exitCode"]) == ("begun\n", 0)
    assert failure(bench, "sleep 30 & exit 4", seconds=20)["details"]["exitCode"] == 4


def test_without_a_known_key_nothing_is_sent_and_the_key_is_shown(bench: Bench, server: SshServer) -> None:
    bench.outside.credentials["c", "ssh"] = server.account(hostKey="")
    told = failure(bench)
    assert (told["type"], told["details"]["fingerprint"]) == ("SshHostKeyUnknown", fingerprint("ssh-ed25519"))
    assert "does not say which key" in told["message"]
    bench.outside.credentials["c", "ssh"] = server.account(hostKey=f"SHA256:{'A' * 43}")
    told = failure(bench)
    assert "shows a key that the credential does not name" in told["message"]
    assert set(told["details"]["fingerprints"]) == set(KEYS)
    assert server.logins == []


def test_a_key_is_known_by_its_fingerprint_or_its_line_of_any_kind(bench: Bench, server: SshServer) -> None:
    public = KEYS["ecdsa-sha2-nistp256"].export_public_key().decode().strip()
    for known in (
        fingerprint("ecdsa-sha2-nistp256"),
        f"256 {fingerprint('ecdsa-sha2-nistp256')} host (ECDSA)",
        f"# comment\n[127.0.0.1]:22 {public} root@host",
        public,
        f"SHA256:{'A' * 43}\n{fingerprint('ssh-ed25519')}",
    ):
        bench.outside.credentials["c", "ssh"] = server.account(hostKey=known)
        assert do(bench, "echo hi")[0]["stdout"] == "hi\n", known
    with pytest.raises(CredentialMissing, match="cannot be read"):
        fingerprints("my server")


@pytest.mark.parametrize(("kind", "form"), [("ssh-ed25519", "openssh"), ("ssh-rsa", "pkcs8-pem")])
def test_keys_let_in_with_their_passphrase(bench: Bench, server: SshServer, kind: str, form: str) -> None:
    sizes: dict[str, Any] = {"key_size": 2048} if kind == "ssh-rsa" else {}
    key = asyncssh.generate_private_key(kind, **sizes)
    server.authorized[:] = [key.export_public_key().decode()]
    text = key.export_private_key(form, passphrase="open", rounds=50).decode()
    account = {**server.account(), "password": "", "passphrase": "open"}
    variants = [text.replace("\n", "\\n"), text.replace("\n", "\r\n")] if form == "pkcs8-pem" else [text]
    for pasted in variants:  # OpenSSH's own form takes half a second each
        bench.outside.credentials["c", "ssh"] = {**account, "privateKey": pasted}
        assert do(bench, "echo hi")[0]["stdout"] == "hi\n"
    bench.outside.credentials["c", "ssh"] = {**account, "privateKey": text, "passphrase": "other"}
    told = failure(bench)
    assert (told["type"], "passphrase is another" in told["message"]) == ("CredentialMissing", True)
    server.authorized.clear()
    bench.outside.credentials["c", "ssh"] = {**account, "privateKey": text}
    told = failure(bench)
    assert (told["type"], "with a private key" in told["message"]) == ("SshRefused", True)


@pytest.mark.parametrize(
    ("more", "type", "words"),
    [
        ({"password": "wrong"}, "SshRefused", "does not let ada in with a password"),
        ({"user": "eve"}, "SshRefused", "does not let eve in"),
        ({"password": ""}, "CredentialMissing", "neither a password nor a private key"),
        ({"host": ""}, "CredentialMissing", "no host"),
        ({"privateKey": "no key"}, "CredentialMissing", "cannot be read"),
        ({"privateKey": "PuTTY-User-Key-File-3: ssh-ed25519"}, "CredentialMissing", "PuTTY"),
        ({"hostKey": "none"}, "CredentialMissing", "host key"),
        ({"port": 1}, "SshUnavailable", "refused"),
        ({"host": "no-such-host.invalid"}, "ConnectionFailed", "no address"),
    ],
)
def test_what_is_wrong_with_the_credential_is_named(
    bench: Bench, server: SshServer, more: dict[str, Any], type: str, words: str
) -> None:
    bench.outside.credentials["c", "ssh"] = server.account(**more)
    told = failure(bench)
    assert (told["type"], words in told["message"]) == (type, True), told


def test_an_address_inside_is_refused(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK")
    assert failure(bench)["type"] == "AddressForbidden"


def test_parameters_are_checked(bench: Bench) -> None:
    assert failure(bench, "ls", arguments={"a": 1})["details"]["field"] == "params.arguments"
    assert failure(bench, "ls", arguments=["a\0b"])["details"]["field"] == "params.command"


def test_a_credential_is_tried_out(bench: Bench, server: SshServer) -> None:
    trigger = Trigger(SPEC, {"test": try_out}, {}, {}, outside=bench.outside)
    assert "lets ada in" in trigger.ask("test", {"credential": "c"})["answer"]["message"]
    bench.outside.credentials["c", "ssh"] = server.account(hostKey="")
    assert trigger.ask("test", {"credential": "c"})["error"]["type"] == "SshHostKeyUnknown"
