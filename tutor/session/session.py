"""One learner at work: talks to the server through clients A and B, takes lessons, is checked, and is remembered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tutor.backends import CAPABILITIES, Backend, Connection
from tutor.catalog import Catalog, load
from tutor.checkers import Call, Event, Feedback, Verdict
from tutor.errors import MissingCapability, UsageError
from tutor.lesson import (
    Choice,
    Course,
    Example,
    Exercise,
    Instance,
    Lesson,
    LessonStep,
    Ordering,
    Prediction,
    Task,
    instantiate,
)
from tutor.session.desk import Desk
from tutor.session.progress import Progress
from tutor.session.transcript import Transcript
from tutor.wire import Reply, quote

__all__ = ["Hint", "Session", "check_answer"]

_NOTHING_YET = "Nothing was sent since the exercise began. Type commands first, and `check` when you are done."


@dataclass(frozen=True, slots=True)
class Hint:
    """One rung of the ladder."""

    text: str
    number: int
    """Which one this is, from 1."""
    total: int
    """How many there are."""


class Session:
    """A learner, a course, a server.

    The first half talks: `submit`, `poll`, `wait`. The second half teaches: `start`, `next`, `begin`, `check`, `hint`,
    `reveal`. Nothing moves on by itself.
    """

    def __init__(
        self,
        course: Course,
        backend: Backend,
        progress: Progress,
        *,
        seed: int | None = None,
        catalog: Catalog | None = None,
    ) -> None:
        self.course = course
        self.backend = backend
        self.progress = progress
        self.seed = progress.seed if seed is None else seed
        """Where this learner's values come from."""
        self.lesson: Lesson | None = None
        """The lesson that is being taken."""
        self.index = 0
        """Which of its steps; equal to their number when the lesson is at its end."""
        self.instance: Instance | None = None
        """The exercise that is being worked at, with its values."""
        self._desk = Desk(backend, catalog or load())
        self._hints = 0
        self._arrived = 0  # where the transcript was when the step began
        self._along = False  # whether the database is as the transcripts left it, or as the learner made it from there

    # -- talking -------------------------------------------------------------------------------------------------

    @property
    def transcript(self) -> Transcript:
        """All that was sent, answered and pushed, in order."""
        return self._desk.clients.transcript

    def connections(self) -> dict[str, Connection]:
        """The open connections by client, for an event loop. After `begin`, `start`, `next` and `check` ask again."""
        return self._desk.clients.connections()

    def connection(self, client: str) -> Connection:
        """A client's connection, opened if it was not."""
        return self._desk.clients.connection(client)

    def submit(self, client: str, argv: Sequence[bytes]) -> Call:
        """Send a command; never waits for its answer."""
        return self._desk.clients.submit(client, argv)

    def poll(self, timeout: float = 0) -> list[Event]:
        """Whatever has arrived for any client; waits up to `timeout` seconds for the first of it."""
        return self._desk.clients.poll(timeout)

    def wait(self, call: Call, timeout: float) -> Reply | None:
        """The answer to a call; None when the server says that the client is blocked, or when the time is over."""
        return self._desk.clients.wait(call, timeout)

    def interrupt(self) -> None:
        """Cut off a command that does not finish."""
        self.backend.interrupt()

    # -- lessons -------------------------------------------------------------------------------------------------

    def start(self, lesson_id: str, *, again: bool = False) -> LessonStep | None:
        """Take a lesson: at its first step, or where the learner was in it unless `again`. Answers the step.

        Raises `MissingCapability` when the backend does not offer what it needs, `GuestRefusal` on a used database.
        """
        self._require(lesson_id)
        lesson = self.course.lesson(lesson_id)
        self._claim(lesson_id)
        step = None if again else self.progress.step_in(lesson_id)
        self.lesson = lesson
        self.instance = None
        self._along = False
        return self._go(step if step is not None and step < len(lesson.steps) else 0)

    def _claim(self, lesson_id: str) -> None:
        """Take the database for lessons. Clients that were opened before may look at another one: they are closed."""
        self.backend.claim(lesson_id)
        self._desk.clients.renew()

    def _require(self, lesson_id: str) -> None:
        outline = self.course.outline(lesson_id)
        missing = [CAPABILITIES.get(name, name) for name in outline.needs if name not in self.backend.capabilities]
        if missing:
            raise MissingCapability(
                f"The lesson {outline.id} needs {', '.join(missing)}, which this server ({self.backend.name}) does not "
                f"offer. Leave the shell, and start again without --backend: the tutor then finds one that does."
            )

    def resume(self) -> bool:
        """Go on where the learner was last; False when there is no such place."""
        place = self.progress.where()
        if place is None or place.lesson not in {outline.id for outline in self.course.lessons}:
            return False
        self.start(place.lesson)
        return True

    @property
    def step(self) -> LessonStep | None:
        """The step that the learner is at, an exercise with its values; None where there is none."""
        if self.lesson is None or self.index >= len(self.lesson.steps):
            return None
        if self.instance is not None:
            return self.instance.exercise
        return self.lesson.steps[self.index]

    def next(self) -> LessonStep | None:
        """Go to the next step; None at the end. Nothing is refused: `open_exercises` says what is left to do."""
        lesson = self._in_lesson()
        return self._go(min(self.index + 1, len(lesson.steps)))

    def back(self) -> LessonStep | None:
        """Go to the step before."""
        self._in_lesson()
        return self._go(max(self.index - 1, 0))

    def open_exercises(self) -> tuple[str, ...]:
        """The exercises of this lesson, up to this step, that are neither solved nor revealed."""
        if self.lesson is None:
            return ()
        statuses = self.progress.statuses()
        passed = [step for step in self.lesson.steps[: self.index + 1] if isinstance(step, Exercise)]
        return tuple(step.id for step in passed if statuses.get(step.id, "new") in ("new", "tried"))

    def _in_lesson(self) -> Lesson:
        if self.lesson is None:
            raise UsageError("No lesson has begun. Type lessons to see them, and start LESSON to begin one.")
        return self.lesson

    def _go(self, index: int) -> LessonStep | None:
        lesson = self._in_lesson()
        # Who passes over a transcript without typing it has not got what the next one stands on.
        only_read = isinstance(self.step, Example) and not self.transcript.sent_since(self._arrived)
        typing_along = index == self.index + 1 and self._along and not only_read
        self.index = index
        self.instance = None
        self._along = False
        self.progress.went(lesson.id, index)
        step = self.step
        if isinstance(step, Exercise):
            return self._begin(step).exercise
        if not typing_along and step is not None:
            # All transcripts of a lesson share one state; an exercise, or a jump, has put another in its place.
            before = [each for each in lesson.steps[:index] if isinstance(each, Example)]
            self._desk.rehearse(line for each in before for line in each.lines)
        self._along = True
        self._arrived = self.transcript.position
        return step

    # -- exercises -----------------------------------------------------------------------------------------------

    def begin(self, exercise_id: str) -> Instance:
        """Begin an exercise: an empty database, its setup, its values. Answers its text with the values in it."""
        exercise = self.course.exercise(exercise_id)
        lesson_id = exercise_id.partition(".")[0]
        self._require(lesson_id)
        self._claim(lesson_id)
        if self.lesson is None or self.lesson.id != lesson_id:
            self.lesson = self.course.lesson(lesson_id)
        steps = self.lesson.steps
        self.index = next(at for at, step in enumerate(steps) if isinstance(step, Exercise) and step.id == exercise_id)
        self.progress.went(lesson_id, self.index)
        return self._begin(exercise)

    def _begin(self, exercise: Exercise) -> Instance:
        instance = instantiate(exercise, self.seed)
        self._desk.begin(instance)
        self.instance = instance
        self._hints = 0
        self._along = False
        return instance

    def reset(self) -> Instance:
        """Begin the exercise again, from its setup."""
        instance = self._at_work()
        self._desk.begin(instance)
        return instance

    def check(self, answer: str | None = None) -> Verdict:
        """Judge the exercise: what was typed since it began, or the answer where the kind asks for one."""
        instance = self._at_work()
        verdict = self._desk.judge(instance, answer)
        if verdict.feedback and isinstance(instance.exercise, Task) and answer is None and not self._typed():
            # Where to look would name the answer to somebody who has not looked for it yet.
            verdict = replace(
                verdict, feedback=Feedback(verdict.feedback.check, "", "no command yet", _NOTHING_YET, "")
            )
        seen = self.progress.status(instance.exercise.id) == "revealed"
        if verdict.passed and seen:
            verdict = Verdict(True, None, 0, verdict.max_points, verdict.why)
        said = answer if answer is not None else self._typed()
        self.progress.attempt(instance.exercise.id, verdict, answer=said, seed=instance.seed)
        return verdict

    def hint(self) -> Hint | None:
        """The next hint; None when all of them were shown."""
        exercise = self._at_work().exercise
        if self._hints >= len(exercise.hints):
            return None
        self._hints += 1
        self.progress.hinted(exercise.id, self._hints)
        return Hint(exercise.hints[self._hints - 1], self._hints, len(exercise.hints))

    def reveal(self) -> list[str]:
        """The lines of a solution. The exercise counts as revealed from now on, unless it was solved before."""
        exercise = self._at_work().exercise
        self.progress.revealed(exercise.id)
        match exercise:
            case Task(solutions=solutions):
                return solutions[0].split("\n")
            case Prediction(answer=answer):
                return answer.split("\n")
            case Ordering(solutions=orders, items=items):
                texts = {item.letter: item.text for item in items}
                return [f"({letter}) {texts[letter]}" for letter in orders[0]]
            case Choice(options=options, items=items):
                right = next(option for option in options if option.right)
                text = next(item.text for item in items if item.letter == right.letter)
                return [f"({right.letter}) {text}"]
        raise UsageError(f"A {exercise.kind} exercise has no solution to show.")

    def close(self) -> None:
        """End the connections; the backend and the progress belong to the caller."""
        self._desk.close()

    def _at_work(self) -> Instance:
        if self.instance is None:
            raise UsageError("No exercise is open. Type next to go to the next one.")
        return self.instance

    def _typed(self) -> str:
        """The commands of the attempt, as they could be typed again."""
        calls, _ = self.transcript.attempt()
        several = len({call.client for call in calls}) > 1
        lines = []
        for call in calls:
            words = " ".join(_word(word) for word in call.argv)
            lines.append(f"{call.client}> {words}" if several else words)
        return "\n".join(lines)


def _word(word: bytes) -> str:
    plain = word.isascii() and word and not set(word) & set(b" \"'\\\t\r\n\v\f\0")
    return word.decode("ascii") if plain and word.decode("ascii").isprintable() else quote(word).decode("ascii")


def check_answer(
    course: Course, exercise_id: str, answer: str, backend: Backend, seed: int, *, catalog: Catalog | None = None
) -> Verdict:
    """The verdict on an answer that stands in a file: begun from the setup, run, judged. Nothing is remembered.

    Raises `UsageError` for an unknown exercise or an unreadable answer.
    """
    exercise = course.exercise(exercise_id)
    backend.claim(exercise_id.partition(".")[0])
    desk = Desk(backend, catalog or load())
    try:
        instance = instantiate(exercise, seed)
        if isinstance(exercise, Task):
            desk.begin(instance)
        return desk.judge(instance, answer)
    finally:
        desk.close()
