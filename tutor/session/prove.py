"""A course proved: every lesson on every backend, several at once, each with a server of its own."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from tutor.backends import Backend, open_backend
from tutor.catalog import load
from tutor.errors import CourseError, TutorError
from tutor.lesson import Course, load_course
from tutor.session.report import Fault, LessonProof, Report

__all__ = ["prove", "watch"]

Progress = Callable[[int, int, str], None]


def prove(
    course: Course,
    lesson_ids: Sequence[str],
    backend_specs: Sequence[str],
    *,
    jobs: int = 1,
    on_progress: Progress | None = None,
) -> Report:
    """Prove lessons on backends.

    `backend_specs` are those of `open_backend`. `on_progress(done, total, what)` is called as each lesson is done on a
    backend. A backend that is not there is told in `not_tried`; with REQUIRE_SERVERS=1 in the environment that is a
    failure. Raises `UsageError` for a lesson that is not in the course.
    """
    began = time.perf_counter()
    not_tried = {spec: why for spec in backend_specs if (why := _unavailable(spec))}
    specs = [spec for spec in backend_specs if spec not in not_tried]
    broken = [_fault(error) for error in course.problems] if _all(course, lesson_ids) else []
    sound = []
    for lesson_id in lesson_ids:
        try:
            sound.append(course.outline(lesson_id).id)
        except CourseError as error:
            broken.append(_fault(error))
    tasks = [(lesson_id, spec) for lesson_id in sound for spec in specs]
    proofs = list(_run(course, tasks, jobs, on_progress or _silent))
    proofs.sort(key=lambda proof: tasks.index((proof.lesson, proof.backend)))
    faults = dict.fromkeys([*broken, *(fault for proof in proofs for fault in proof.faults)])
    required = bool(os.environ.get("REQUIRE_SERVERS"))
    return Report(tuple(proofs), not_tried, required, time.perf_counter() - began, tuple(faults))


def watch(paths: Iterable[str | Path], *, interval: float = 0.3, turns: int | None = None) -> Iterator[list[Path]]:
    """Answers the files that changed under these paths, each time that some did; looks every `interval` seconds.

    `turns` ends it after so many looks; None goes on for ever.
    """
    roots = [Path(path) for path in paths]
    before = _times(roots)
    while turns is None or turns > 0:
        turns = None if turns is None else turns - 1
        time.sleep(interval)
        now = _times(roots)
        changed = sorted(path for path in before.keys() | now.keys() if before.get(path) != now.get(path))
        before = now
        if changed:
            yield changed


def _times(roots: Sequence[Path]) -> dict[Path, tuple[int, int]]:
    found = {}
    for root in roots:
        for path in [root] if root.is_file() else root.rglob("*"):
            try:
                status = path.stat()
            except FileNotFoundError:  # editors replace a file by a new one
                continue
            if path.is_file():
                found[path] = (status.st_mtime_ns, status.st_size)
    return found


def _run(course: Course, tasks: list[tuple[str, str]], jobs: int, on_progress: Progress) -> Iterator[LessonProof]:
    if min(jobs, len(tasks)) <= 1:
        for done, (lesson_id, spec) in enumerate(tasks):
            on_progress(done, len(tasks), f"{lesson_id} on {spec}")
            yield _prove_one(str(course.folder), lesson_id, spec)
        return
    # Imported here and in `_prove_one`: a learner's session imports this module too, and never proves anything.
    from concurrent.futures import Future, ProcessPoolExecutor, as_completed
    from multiprocessing import get_context

    # spawn and not fork: a child of a process with threads (a shell's, a test's) must not inherit their locks.
    with ProcessPoolExecutor(min(jobs, len(tasks)), mp_context=get_context("spawn")) as pool:
        futures: dict[Future[LessonProof], tuple[str, str]] = {
            pool.submit(_prove_one, str(course.folder), lesson_id, spec): (lesson_id, spec) for lesson_id, spec in tasks
        }
        on_progress(0, len(tasks), "starting")
        for done, future in enumerate(as_completed(futures), 1):
            lesson_id, spec = futures[future]
            on_progress(done, len(tasks), f"{lesson_id} on {spec}")
            yield future.result()


def _prove_one(folder: str, lesson_id: str, spec: str) -> LessonProof:
    """Runs in a worker process."""
    from tutor.session.proof import prove_lesson

    try:
        course = load_course(folder)
        with _opened(spec) as backend:
            backend.claim(lesson_id)
            return prove_lesson(course, lesson_id, backend, spec, load())
    except TutorError as error:
        return LessonProof(lesson_id, spec, (Fault(lesson_id, spec, "server", lesson_id, str(error)),), {}, 0.0)


def _opened(spec: str) -> Backend:
    return open_backend(spec)


def _unavailable(spec: str) -> str:
    """Why a backend is not there; nothing when it is."""
    try:
        with _opened(spec):
            return ""
    except TutorError as error:
        return str(error)


def _all(course: Course, lesson_ids: Sequence[str]) -> bool:
    return {lesson.id for lesson in course.lessons} <= set(lesson_ids)


def _fault(error: CourseError) -> Fault:
    return Fault("", "", "file", error.where, str(error).removeprefix(f"{error.where}: "))


def _silent(done: int, total: int, what: str) -> None:
    """Progress that nobody wants to see."""
