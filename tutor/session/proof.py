"""One lesson proved on one backend: every transcript, every solution, every wrong answer."""

from __future__ import annotations

import time
from collections.abc import Iterable
from difflib import get_close_matches

from tutor.backends import CAPABILITIES, Backend
from tutor.catalog import Catalog
from tutor.checkers import Verdict
from tutor.errors import BackendError, CourseError, TutorError, UsageError
from tutor.lesson import (
    Choice,
    Course,
    Example,
    Exercise,
    Instance,
    Lesson,
    Ordering,
    Prediction,
    Step,
    Task,
    Typed,
    Wrong,
    instantiate,
    matches,
    parse_expected,
)
from tutor.session.desk import Desk
from tutor.session.prose import find_strange_commands
from tutor.session.report import Fault, LessonProof
from tutor.wire import Reply, terminal

__all__ = ["SEEDS", "prove_lesson"]

# Values are drawn for each of these. An exercise without seeded values is tried once.
SEEDS = (1, 2, 3)
# How long a reply or a message may take before it counts as missing, in seconds.
_PATIENCE = 10.0


def prove_lesson(course: Course, lesson_id: str, backend: Backend, spec: str, catalog: Catalog) -> LessonProof:
    """Prove it. Faults are data; nothing that a lesson does raises."""
    began = time.perf_counter()
    prover = _Prover(lesson_id, spec, backend, catalog)
    skipped = ""
    try:
        lesson = course.lesson(lesson_id)
        unknown = sorted(set(lesson.needs) - CAPABILITIES.keys())
        missing = sorted(set(lesson.needs) - backend.capabilities)
        if unknown:
            prover.note("file", lesson_id, _unknown_need(unknown[0]), everywhere=True)
        elif missing:
            skipped = f"needs {', '.join(missing)}"
        else:
            prover.prove(course, lesson)
    except CourseError as error:
        prover.note("file", error.where, str(error).removeprefix(f"{error.where}: "), everywhere=True)
    except TutorError as error:
        prover.note("server", lesson_id, str(error))
    finally:
        prover.close()
    return LessonProof(lesson_id, spec, tuple(prover.faults), prover.counted, time.perf_counter() - began, skipped)


class _Prover:
    def __init__(self, lesson_id: str, spec: str, backend: Backend, catalog: Catalog) -> None:
        self.faults: list[Fault] = []
        self.counted: dict[str, int] = {}
        self._lesson = lesson_id
        self._spec = spec
        self._backend = backend
        self._catalog = catalog
        self._desk = Desk(backend, catalog)

    def close(self) -> None:
        self._desk.close()

    def note(self, what: str, where: str, message: str, *, everywhere: bool = False) -> None:
        """Keep a fault; `everywhere` when the server has nothing to do with it."""
        self.faults.append(Fault(self._lesson, "" if everywhere else self._spec, what, where, message))

    def prove(self, course: Course, lesson: Lesson) -> None:
        file = f"{course.folder.name}/{lesson.track}/{lesson.id}/lesson.md"
        for line, message in find_strange_commands(lesson, self._catalog):
            self.note("words", f"{file}:{line}", message, everywhere=True)
        self._prove_transcripts(lesson, file)
        for exercise in lesson.exercises:
            try:
                self._prove_exercise(exercise)
            except CourseError as error:
                self.note("setup", error.where, str(error).removeprefix(f"{error.where}: "))
            except (BackendError, UsageError) as error:
                self.note("server", exercise.where, str(error))
                self._desk.close()

    def _count(self, what: str) -> None:
        self.counted[what] = self.counted.get(what, 0) + 1

    # -- transcripts ---------------------------------------------------------------------------------------------

    def _prove_transcripts(self, lesson: Lesson, file: str) -> None:
        self._backend.clean()
        self._desk.clients.renew()
        for step in lesson.steps:
            for block in step.transcripts if isinstance(step, Example) else ():
                self._count("transcripts")
                for entry in block:
                    self._count("commands")
                    problem = self._entry(entry)
                    if problem:
                        self.note("transcript", f"{file}:{entry.line}", problem)
                self._nothing_left(f"{file}:{block[-1].line}" if block else file)

    def _entry(self, entry: Step) -> str | None:
        """What is wrong with one step of a transcript, or None."""
        return self._typed(entry) if isinstance(entry, Typed) else self._arrives(entry.client, entry.expected)

    def _typed(self, entry: Typed) -> str | None:
        clients = self._desk.clients
        call = clients.submit(entry.client, entry.argv)
        if entry.expected is None:
            reply = clients.wait(call, _PATIENCE)
            said = _printed(reply) if reply is not None else ""
            return f"{entry.text}\n  has no reply here, and the server answers:\n{_indented(said)}" if reply else None
        reply = clients.wait(call, _PATIENCE, through_block=True)
        if reply is None:
            return f"{entry.text}\n  was not answered within {_PATIENCE:.0f} s."
        if matches(parse_expected(entry.expected), reply):
            return None
        said = _printed(reply)
        return f"{entry.text}\n  answers:\n{_indented(said)}\n  and not:\n{_indented(entry.expected)}"

    def _arrives(self, client: str, expected: str) -> str | None:
        patience = _PATIENCE if self._desk.clients.expects(client) else 0.0
        event = self._desk.clients.next_event(client, patience)
        if event is None or event.reply is None:
            return f"nothing reached client {client} within {patience:.0f} s. Expected:\n{_indented(expected)}"
        if matches(parse_expected(expected), event.reply):
            return None
        said = _printed(event.reply)
        return f"client {client} got:\n{_indented(said)}\n  and not:\n{_indented(expected)}"

    def _nothing_left(self, where: str) -> None:
        self._backend.observe().call("PING", timeout=_PATIENCE)
        for event in self._desk.clients.poll():
            if event.reply is not None:
                said = _printed(event.reply)
                self.note("transcript", where, f"this reaches client {event.client}, and is not shown:\n{said}")

    # -- exercises -----------------------------------------------------------------------------------------------

    def _prove_exercise(self, exercise: Exercise) -> None:
        self._count("exercises")
        seeds = SEEDS if exercise.seeded else SEEDS[:1]
        for seed in seeds:
            instance = instantiate(exercise, seed)
            before = len(self.faults)
            match instance.exercise:
                case Task() as task:
                    self._prove_task(instance, task)
                case Ordering() as ordering:
                    self._prove_order(instance, ordering)
                case Prediction() as prediction:
                    self._prove_prediction(instance, prediction)
                case Choice() as choice:
                    self._prove_choice(instance, choice)
            if len(self.faults) > before:
                return  # other values would say the same again

    def _prove_task(self, instance: Instance, task: Task) -> None:
        self._desk.begin(instance)
        if self._desk.judge(instance).passed:
            self.note("start", task.at("checks"), f"{task.id} passes before anything is done.")
        for solution in task.solutions:
            self._solution(instance, solution, solution)
        for wrong in task.wrong:
            self._wrong(instance, wrong)

    def _prove_order(self, instance: Instance, ordering: Ordering) -> None:
        for letters in ordering.solutions:
            self._solution(instance, " ".join(letters), ", ".join(letters))
        for wrong in ordering.wrong:
            self._wrong(instance, wrong)

    def _prove_prediction(self, instance: Instance, prediction: Prediction) -> None:
        reply = self._desk.predict(instance).reply
        assert reply is not None
        if not matches(parse_expected(prediction.answer), reply):
            said = _printed(reply)
            self.note(
                "answer",
                prediction.at("answer"),
                f"{prediction.command}\n  answers:\n{_indented(said)}\n  and not:\n{_indented(prediction.answer)}",
            )
        for answer in (prediction.answer, *prediction.accept):
            self._count("solutions")
            if not self._desk.judge(instance, answer).passed:
                self.note("solution", prediction.at("accept"), f"{answer!r} should be right, and is judged wrong.")
        for wrong in prediction.wrong:
            self._wrong(instance, wrong)

    def _prove_choice(self, instance: Instance, choice: Choice) -> None:
        for option in choice.options:
            self._count("solutions" if option.right else "wrong")
            if self._desk.judge(instance, option.letter).passed != option.right:
                self.note("answer", choice.at("options"), f"option ({option.letter}) is judged the wrong way round.")

    def _solution(self, instance: Instance, answer: str, shown: str) -> None:
        self._count("solutions")
        verdict = self._judge(instance, answer)
        feedback = verdict.feedback
        if feedback is not None:
            self.note(
                "solution",
                instance.exercise.at("solutions"),
                f"this solution of {instance.exercise.id} fails at {feedback.check!r} "
                f"(expected {feedback.expected}; got {feedback.got}):\n{_indented(shown)}{self._replies()}",
            )

    def _wrong(self, instance: Instance, wrong: Wrong) -> None:
        self._count("wrong")
        verdict = self._judge(instance, wrong.answer)
        feedback = verdict.feedback
        if feedback is None:
            self.note("wrong", wrong.where, f"this wrong answer passes:\n{_indented(wrong.answer)}{self._replies()}")
        elif wrong.fails is not None and feedback.check != wrong.fails:
            self.note(
                "wrong",
                wrong.where,
                f"this wrong answer fails at {feedback.check!r} (expected {feedback.expected}; got {feedback.got}), "
                f"and not at {wrong.fails!r}:\n{_indented(wrong.answer)}{self._replies()}",
            )
        elif wrong.why is not None and not _says(wrong, instance, feedback.why):
            self.note(
                "wrong",
                wrong.where,
                f"this wrong answer gets other words than its own: {feedback.why}\n{_indented(wrong.answer)}",
            )

    def _judge(self, instance: Instance, answer: str) -> Verdict:
        if isinstance(instance.exercise, Task):
            self._desk.begin(instance)
        return self._desk.judge(instance, answer)

    def _replies(self) -> str:
        """What the server answered, for the author to see."""
        calls, _ = self._desk.clients.transcript.attempt()
        lines = [
            f"{call.client}> {_line(call.argv)} → "
            + (_printed(call.reply) if call.reply is not None else "(no answer yet)")
            for call in calls
        ]
        return "\n  which went:\n" + _indented("\n".join(lines)) if lines else ""


def _unknown_need(name: str) -> str:
    near = get_close_matches(name, CAPABILITIES, 1)
    hint = f"Did you mean {near[0]}?" if near else f"There are {', '.join(CAPABILITIES)}."
    return f"needs names {name!r}, which no backend can offer. {hint}"


def _says(wrong: Wrong, instance: Instance, why: str) -> bool:
    """Whether these are the entry's own words; what a check found may stand in them."""
    assert wrong.why is not None
    names = dict.fromkeys(("expected", "actual", "key", "commands"), "\x00")
    pieces = wrong.why.fill({**instance.values, **names}).split("\0")
    at = 0
    for piece in pieces:
        at = why.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return True


def _printed(reply: Reply) -> str:
    return terminal(reply).decode("utf-8", "backslashreplace")


def _line(argv: Iterable[bytes]) -> str:
    return " ".join(word.decode("utf-8", "backslashreplace") for word in argv)


def _indented(text: str) -> str:
    return "\n".join("    " + line for line in text.split("\n"))
