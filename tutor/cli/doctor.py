"""`redis-tutor doctor`: what is here, where it lives, what it opens up, and how to get the rest or remove it all."""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from tutor import __version__
from tutor.backends import open_backend
from tutor.backends.lab import find_server
from tutor.cli.places import data_folder, debug_log, progress_file
from tutor.errors import TutorError
from tutor.lesson import find_course

__all__ = ["doctor"]


def doctor(options: argparse.Namespace) -> int:
    """Print the findings; 1 when the tutor cannot work as it is."""
    embedded, works = _embedded()
    course, found = _course(options)
    server = find_server()
    lines = [
        ("Redis Tutor", f"{__version__}, in {Path(__file__).resolve().parent.parent}"),
        ("Python", f"{platform.python_version()}, {sys.executable}"),
        ("System", f"{platform.system()} {platform.release()}{_windows()}"),
        ("Libraries", ", ".join(f"{name} {_version(name)}" for name in ("fakeredis", "lupa", "prompt_toolkit"))),
        ("Lessons", course),
        ("Embedded server", embedded),
        ("Real server", _real_server(server)),
        ("Your progress", _progress()),
        ("Log", f"{debug_log()} (written by --debug, and when the tutor itself fails)"),
        ("Open to others", _open()),
        ("To remove all", f"pip uninstall redis-tutor, and delete {data_folder()}"),
    ]
    if server is None:
        lines.append(("To get the rest", f"{_install()}  (a real Redis, for proofs and for lessons on operations)"))
    width = max(len(name) for name, _ in lines)
    for name, text in lines:
        print(f"{name:<{width}}  {text}")
    return 0 if works and found else 1


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "missing (pip install --force-reinstall redis-tutor)"


def _embedded() -> tuple[str, bool]:
    try:
        with open_backend("embedded") as backend:
            connection = backend.connect()
            connection.call("PING", timeout=20)
            connection.close()
    except TutorError as fault:
        return f"does not work: {fault}", False
    return "works", True


def _course(options: argparse.Namespace) -> tuple[str, bool]:
    try:
        return str(find_course(options.course)), True
    except TutorError as fault:
        return str(fault), False


def _real_server(binary: str | None) -> str:
    if binary is None:
        return "none on PATH; the embedded one serves most lessons"
    said = subprocess.run([binary, "--version"], capture_output=True, text=True, check=False).stdout
    return f"{binary} ({' '.join(said.split()[:3]) or 'it did not say its version'})"


def _progress() -> str:
    path = progress_file()
    if not path.exists():
        return f"none yet; it will be in {path}"
    if not os.access(path, os.W_OK):
        return f"{path}, which cannot be written: nothing new is being saved"
    return f"{path} (a copy: redis-tutor progress export FILE)"


def _open() -> str:
    return (
        "nothing. The shell's server listens on a unix socket in a folder that only you may enter. "
        "`sandbox --port` listens on 127.0.0.1: every user of this machine may connect"
    )


def _windows() -> str:
    return " (use WSL: unix sockets and process groups are needed)" if platform.system() == "Windows" else ""


def _install() -> str:
    return "brew install redis" if platform.system() == "Darwin" else "sudo apt install redis-server"
