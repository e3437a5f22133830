"""A real Dovecot on a port of its own: Debian's `dovecot-imapd`, with nothing of the machine's own."""

import contextlib
import getpass
import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from local.stack.ports import free_port

USER, PASSWORD = "ada@example.com", 'se"cr\\et'
PLACES = "/usr/sbin:/usr/local/sbin:/usr/lib/dovecot"
CONFIG = """\
protocols = imap
listen = 127.0.0.1
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
ssl = no
disable_plaintext_auth = no
auth_failure_delay = 0
first_valid_uid = 1
default_internal_user = {internal}
default_login_user = {login}
default_internal_group = {group}
mail_location = maildir:{home}/mail/%u
mail_access_groups =
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {home}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Trash {{
    auto = create
    special_use = \\Trash
  }}
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
}}
"""


@dataclass
class Dovecot:
    """The server. `put` puts a mail into a mailbox."""

    port: int

    @contextlib.contextmanager
    def session(self) -> Iterator[imaplib.IMAP4]:
        """Be logged in as another program."""
        client = imaplib.IMAP4("127.0.0.1", self.port)
        client.login(USER, PASSWORD)
        try:
            yield client
        finally:
            client.logout()

    def put(self, content: bytes, box: str = "INBOX", flags: str = "") -> None:
        """Put a mail into a mailbox, whose name is as on the wire."""
        with self.session() as client:
            client.create(f'"{box}"')
            kind, words = client.append(f'"{box}"', flags, "", content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
            assert kind == "OK", words

    def reset(self) -> None:
        """Have an empty INBOX, an empty trash, and no folders besides."""
        with self.session() as client:
            for line in client.list()[1]:
                assert isinstance(line, bytes)
                name = line.partition(b' "/" ')[2].decode().strip('"')
                if name in ("INBOX", "Trash", "Sent"):
                    if client.select(f'"{name}"')[1] != [b"0"]:
                        client.store("1:*", "+FLAGS", "\\Deleted")
                    client.expunge()
                else:
                    client.delete(f'"{name}"')


def program() -> str | None:
    """Return Dovecot's program, installed where that is possible; None, which is said, where the machine has none."""
    found = _there()
    apt = shutil.which("apt-get")
    if found is None and apt and os.getuid() == 0:
        _say("installing Dovecot for the tests of mailboxes (apt-get install dovecot-imapd) ...")
        command = [apt, "install", "-y", "-q", "--no-install-recommends", "dovecot-imapd"]
        with contextlib.suppress(subprocess.SubprocessError, OSError):
            quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            subprocess.run(command, env=quiet, capture_output=True, timeout=300, check=False)
        found = _there()
    if found is None:
        _say("There is no Dovecot: mailboxes are not tested against a real server (apt-get install dovecot-imapd).")
    return found


def _say(words: str) -> None:
    sys.stderr.write(f"{words}\n")


def _there() -> str | None:
    return shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:{PLACES}")


@contextlib.contextmanager
def dovecot(found: str) -> Iterator[Dovecot]:
    """Run it for the block."""
    home, port, is_root = Path(tempfile.mkdtemp(prefix="dovecot-")), free_port(), os.getuid() == 0
    home.chmod(0o755)
    (home / "mail").mkdir()
    owner = pwd.getpwnam("nobody") if is_root else pwd.getpwuid(os.getuid())
    if is_root:
        os.chown(home / "mail", owner.pw_uid, owner.pw_gid)
    (home / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}::::::\n")
    internal, login, group = ("dovecot", "dovenull", "dovecot") if is_root else (getpass.getuser(),) * 2 + (_group(),)
    config = home / "dovecot.conf"
    config.write_text(
        CONFIG.format(
            home=home, port=port, uid=owner.pw_uid, gid=owner.pw_gid, internal=internal, login=login, group=group
        )
    )
    process = subprocess.Popen([found, "-F", "-c", str(config)], stderr=subprocess.PIPE)
    try:
        _wait(port, process, home)
        yield Dovecot(port)
    finally:
        process.terminate()
        process.wait(10)
        if process.stderr is not None:
            process.stderr.close()
        shutil.rmtree(home, ignore_errors=True)


def _group() -> str:
    import grp

    return grp.getgrgid(os.getgid()).gr_name


def _wait(port: int, process: "subprocess.Popen[bytes]", home: Path) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    told = (home / "log").read_text() if (home / "log").is_file() else ""
    raise RuntimeError(f"Dovecot does not start: {told[-2000:]}")
