"""A course of one lesson with an exercise of every kind, and a session in it on each server."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tutor.backends import Backend
from tutor.catalog import Catalog, load
from tutor.lesson import Course, load_course
from tutor.session import Desk, Progress, Session

GOOD = Path(__file__).parent.parent / "cases" / "lesson" / "good"


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """The folder of a course that loads and proves."""
    return Path(shutil.copytree(GOOD, tmp_path / "good"))


@pytest.fixture
def course() -> Course:
    """The same, where no test writes."""
    return load_course(GOOD)


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """Every command."""
    return load()


@pytest.fixture
def desk(backend: Backend, catalog: Catalog) -> Iterator[Desk]:
    """Clients on each server."""
    desk = Desk(backend, catalog)
    yield desk
    desk.close()


@pytest.fixture
def session(course: Course, backend: Backend, catalog: Catalog) -> Iterator[Session]:
    """A learner with the seed 7 who has done nothing yet."""
    with Progress.open(None) as progress:
        session = Session(course, backend, progress, seed=7, catalog=catalog)
        yield session
        session.close()
