"""An ssh server of the tests' own: OpenSSH's sshd on a free port of this machine, as the user who runs the tests.

It has its own host key, authorised key and configuration in one directory, refuses passwords and forwarding, and is
ended by the test that started it.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

SSHD = shutil.which("sshd", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


@dataclass(frozen=True)
class Server:
    """A running server. `command` is how ssh is called to reach it as ssh://there."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    @property
    def config(self) -> Path:
        return self.folder / "config"

    @property
    def command(self) -> str:
        return f"ssh -F {self.config}"

    def set(self, **options: str) -> None:
        """Change the client's configuration."""
        lines = self.config.read_text().splitlines()
        kept = [line for line in lines if line.split()[0] not in options]
        self.config.write_text("\n".join([*kept, *(f"{name} {value}" for name, value in options.items()), ""]))


@contextlib.contextmanager
def server(folder: Path, environment: Mapping[str, str] | None = None, shell: str = "") -> Iterator[Server]:
    """A server for the time of a `with` block; its sessions have these variables, and run their commands by `shell`."""
    folder.mkdir(mode=0o700)
    for name in ("host_key", "user_key"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
    public = (folder / "host_key.pub").read_text().split()
    shutil.copy(folder / "user_key.pub", folder / "authorized_keys")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    user = pwd.getpwuid(os.getuid()).pw_name
    settings = {
        "Port": port, "ListenAddress": "127.0.0.1", "HostKey": folder / "host_key", "PidFile": "none",
        "AuthorizedKeysFile": folder / "authorized_keys", "PasswordAuthentication": "no", "AllowUsers": user,
        "KbdInteractiveAuthentication": "no", "UsePAM": "no", "StrictModes": "no", "PrintMotd": "no",
        "AllowTcpForwarding": "no",
    }  # fmt: skip
    if environment:
        settings["SetEnv"] = " ".join(f'"{name}={value}"' for name, value in environment.items())
    if shell:
        settings["ForceCommand"] = shell
    (folder / "sshd_config").write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
    (folder / "known_hosts").write_text(f"[127.0.0.1]:{port} {public[0]} {public[1]}\n")
    (folder / "config").write_text(
        f"Host there\nHostName 127.0.0.1\nPort {port}\nUser {user}\n"
        f"IdentityFile {folder / 'user_key'}\nIdentitiesOnly yes\n"
        f"UserKnownHostsFile {folder / 'known_hosts'}\nGlobalKnownHostsFile /dev/null\n"
    )
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # for its privilege separation
    assert SSHD is not None
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [SSHD, "-D", "-e", "-f", folder / "sshd_config"], stderr=log, stdin=subprocess.DEVNULL
        )
    try:
        limit = time.monotonic() + 10
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            assert process.poll() is None and time.monotonic() < limit, (folder / "log").read_text()
            time.sleep(0.02)
        yield Server(folder, port, process)
    finally:
        process.terminate()
        process.wait(10)
