"""The wheel carries the lessons and works from another folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        env={**os.environ, "PYTHONWARNINGS": "default"},
    )
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel; its dependencies are those of the environment that runs the tests."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    python = folder / "bin" / "python"
    subprocess.run(
        [str(python), "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", str(wheel)],
        check=True,
        capture_output=True,
        env={**os.environ, "PYTHONWARNINGS": "default"},
    )
    return folder


def test_the_wheel_holds_lessons_and_catalog_and_no_sources(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "tutor/_lessons/course.yaml" in names
    assert "tutor/_lessons/structures/strings/lesson.md" in names
    assert "tutor/catalog/commands.json" in names
    assert [name for name in names if name.startswith(("tests/", "tutor/catalog/sources"))] == []


def test_it_runs_from_another_folder(installed: Path, tmp_path: Path) -> None:
    def run(*words: str, stdin: str = "") -> str:
        done = subprocess.run(
            [str(installed / "bin" / "redis-tutor"), *words],
            cwd=tmp_path,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            env={"PATH": os.environ["PATH"], "REDIS_TUTOR_HOME": str(tmp_path / "home")},
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    where = subprocess.run(
        [str(installed / "bin" / "python"), "-I", "-c", "import tutor; print(tutor.__file__)"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(installed) in where.stdout
    assert run("--version").startswith("redis-tutor ")
    assert run("run", "PING") == "PONG\n"
    listed = json.loads(run("lessons", "--json"))
    assert [lesson["id"] for lesson in listed][:2] == ["keys", "strings"]
    verdict = json.loads(run("check", "strings.lock-order", "--answer", "-", "--json", stdin="d e c a"))
    assert (verdict["passed"], verdict["points"]) == (True, 2)
