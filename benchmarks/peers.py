"""The programs that we are measured beside, in an environment of their own, so that they do not choose our versions."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

__all__ = ["ROOT", "Peers", "find_peers", "running_server"]

ROOT = Path(__file__).resolve().parent.parent
_FOLDER = ROOT / ".venv-peers"


@dataclass(frozen=True, slots=True)
class Peers:
    """Where each program is."""

    python: str
    """The interpreter of the peers' environment."""
    iredis: str
    """The client that completes and colours."""
    redis_cli: str
    """Redis's own client."""
    ours: str
    """The `redis-tutor` of the environment that runs the benchmarks."""


def find_peers() -> Peers:
    """Install the peers when they are not there yet."""
    for program in ("redis-server", "redis-cli"):
        if shutil.which(program) is None:
            raise SystemExit(f"{program} is needed as a peer. On Debian or Ubuntu: sudo apt install redis-server")
    python = _FOLDER / "bin" / "python"
    if not (_FOLDER / "bin" / "iredis").exists():
        subprocess.run([sys.executable, "-m", "venv", str(_FOLDER)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", "iredis", "prompt_toolkit"], check=True)
    ours = shutil.which("redis-tutor", path=str(Path(sys.executable).parent))
    if ours is None:
        raise SystemExit("redis-tutor is not installed in this environment. Type: make bench")
    return Peers(str(python), str(_FOLDER / "bin" / "iredis"), shutil.which("redis-cli") or "", ours)


@contextmanager
def running_server() -> Iterator[int]:
    """A redis-server on a free loopback port; gives the port."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen(
            ["redis-server", "--port", str(port), "--save", "", "--dir", folder], stdout=subprocess.DEVNULL
        )
        try:
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except OSError:
                    time.sleep(0.005)
            # iredis asks for nothing in the home of the one who runs this.
            os.environ["IREDISRC"] = os.path.join(folder, "iredisrc")
            yield port
        finally:
            server.terminate()
            server.wait()
