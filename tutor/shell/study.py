"""The lessons as the shell shows them: a step with its text, where it stands, what is done. Used in the background."""

from __future__ import annotations

from dataclasses import dataclass

from tutor.errors import UsageError
from tutor.shell.place import Place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tutor.lesson import Lesson
    from tutor.session import Hint, Session, Verdict
    from tutor.view import TrackRows

__all__ = ["Ending", "StepView", "Study"]

# How an exercise is answered, said below its text.
_TO_DO = {
    "predict": "Type `check` and the reply as redis-cli prints it, as in `check OK` or `check (integer) 5`.",
    "choice": "Type `check` and the letter.",
    "order": "Type `check` and the letters in their order, as in `check c a b`.",
    "state": "Type commands until it is so, then `check`.",
    "reply": "Type commands until the reply is there, then `check`.",
    "timeline": "Type commands as A, and as B with `B> …`; then `check`.",
}


@dataclass(frozen=True, slots=True)
class StepView:
    """A step, ready to be drawn."""

    place: Place
    """Where it stands."""
    title: str
    """Its heading, or nothing."""
    text: str
    """Markdown, with the learner's own values."""
    points: int = 0
    """What the exercise is worth."""
    said: str = ""
    """How to go on from here, or nothing."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What is said behind a lesson's last step."""

    title: str
    """The lesson's."""
    points: int
    of_points: int
    open: tuple[int, ...]
    """The numbers of the steps whose exercises are neither solved nor revealed."""
    following: str
    """The id of the lesson that comes next in the course, or nothing."""
    following_title: str
    """Its title."""
    all_points: int
    """The learner's points in the whole course."""
    of_all_points: int
    unfinished: tuple[str, ...]
    """The other lessons that have something open."""


class Study:
    """A session's lessons."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._passed: set[str] = set()
        self._ended: Lesson | None = None  # the lesson behind whose last step the learner came back

    # -- going -------------------------------------------------------------------------------------------------------

    def start(self, lesson: str) -> StepView | Ending:
        """Begin a lesson, or go on in it; without a name the first that has something open."""
        self._session.start(lesson or self._first_open())
        self._ended = None
        return self.current()

    def resume(self) -> StepView | Ending:
        """Go on where the learner was last; the first time, begin the first lesson."""
        session = self._session
        where = session.progress.where()
        known = {outline.id for outline in session.course.lessons}
        if where is None or where.lesson not in known:
            return self.start("")
        lesson = session.course.lesson(where.lesson)
        if where.step >= len(lesson.steps):
            self._ended = lesson
            return self._ending(lesson)
        session.resume()
        return self.current()

    def next(self) -> StepView | Ending:
        """The step that follows, or the lesson's end; from there the next lesson."""
        lesson = self._session.lesson or self._ended
        if lesson is not None and self._session.step is None:
            following = self._following(lesson.id)
            return self.start(following) if following else self._ending(lesson)
        self._session.next()
        return self.current()

    def back(self) -> StepView | Ending:
        """The step before."""
        if self._ended is not None:
            # A lesson is begun at its beginning; its end is walked to.
            lesson = self._ended
            self.start(lesson.id)
            for _ in lesson.steps[1:]:
                self._session.next()
            return self.current()
        if self._session.index == 0:
            raise UsageError("This is the first step of the lesson.")
        self._session.back()
        return self.current()

    def current(self) -> StepView | Ending:
        """The step that the learner is at."""
        from tutor.lesson import Exercise

        session = self._session
        lesson = session.lesson
        if lesson is None and self._ended is not None:
            return self._ending(self._ended)
        if lesson is None:
            raise UsageError("No lesson has begun. `lessons` lists them, `start LESSON` begins one.")
        step = session.step
        if step is None:
            return self._ending(lesson)
        place = self.place()
        if isinstance(step, Exercise) and session.instance is not None:
            exercise = session.instance.exercise
            said = "" if place.status == "solved" else _TO_DO[exercise.kind]
            return StepView(place, exercise.title or "", exercise.text, exercise.points, said)
        title = step.title or ""
        return StepView(place, title, step.text, said="Enter goes on." if place.step == 1 else "")

    def _first_open(self) -> str:
        statuses = self._session.progress.statuses()
        for outline in self._session.course.lessons:
            if any(statuses.get(exercise.id, "new") in ("new", "tried") for exercise in outline.exercises):
                return outline.id
        if not self._session.course.lessons:
            raise UsageError("This course has no lesson that can be taken.")
        return self._session.course.lessons[0].id

    # -- where -------------------------------------------------------------------------------------------------------

    def place(self) -> Place:
        """Where the learner is; an empty place outside of lessons."""
        from tutor.lesson import Choice, Exercise, Ordering

        session = self._session
        lesson, step = session.lesson or self._ended, session.step
        if lesson is None:
            return Place()
        have, all_ = self._points(lesson)
        exercise = session.instance.exercise if isinstance(step, Exercise) and session.instance is not None else None
        items = exercise.items if isinstance(exercise, Choice | Ordering) else ()
        return Place(
            lesson=lesson.id,
            title=lesson.title,
            step=len(lesson.steps) if step is None else session.index + 1,
            steps=len(lesson.steps),
            exercise=exercise.id if exercise else "",
            kind=exercise.kind if exercise else "",
            status=session.progress.status(exercise.id) if exercise else "",
            passed=exercise is not None and exercise.id in self._passed,
            points=have,
            of_points=all_,
            letters=tuple((item.letter, (item.command or item.text)) for item in items),
        )

    def _points(self, lesson: Lesson) -> tuple[int, int]:
        statuses = self._session.progress.statuses()
        have = sum(exercise.points for exercise in lesson.exercises if statuses.get(exercise.id) == "solved")
        return have, sum(exercise.points for exercise in lesson.exercises)

    def _ending(self, lesson: Lesson) -> Ending:
        from tutor.lesson import Exercise

        statuses = self._session.progress.statuses()
        left = tuple(
            number
            for number, step in enumerate(lesson.steps, 1)
            if isinstance(step, Exercise) and statuses.get(step.id, "new") in ("new", "tried")
        )
        outlines = self._session.course.lessons
        following = self._following(lesson.id)
        unfinished = tuple(
            outline.id
            for outline in outlines
            if outline.id != lesson.id
            and any(statuses.get(exercise.id, "new") in ("new", "tried") for exercise in outline.exercises)
        )
        title = next((outline.title for outline in outlines if outline.id == following), "")
        return Ending(lesson.title, *self._points(lesson), left, following, title, *self.points(), unfinished)

    def _following(self, lesson: str) -> str:
        """The id of the lesson behind this one, or nothing."""
        ids = [outline.id for outline in self._session.course.lessons]
        at = ids.index(lesson) + 1
        return ids[at] if at < len(ids) else ""

    # -- lists -------------------------------------------------------------------------------------------------------

    def names(self) -> tuple[tuple[str, str], ...]:
        """Ids and titles of all lessons, for the menu."""
        return tuple((outline.id, outline.title) for outline in self._session.course.lessons)

    def problems(self) -> list[str]:
        """What is wrong with the files of lessons that are therefore not in the list."""
        return [str(problem) for problem in self._session.course.problems]

    def warning(self) -> str:
        """Why progress is not being saved, or nothing."""
        return self._session.progress.warning

    def rows(self) -> list[TrackRows]:
        """All tracks and lessons with what is done."""
        from tutor.session import lesson_rows

        here = self._session.lesson.id if self._session.lesson else ""
        rows = lesson_rows(self._session.course, self._session.progress, here)
        return [track for track in rows if track.lessons]

    def points(self) -> tuple[int, int]:
        """The learner's points, and all that the course has."""
        outlines = self._session.course.lessons
        statuses = self._session.progress.statuses()
        exercises = [exercise for outline in outlines for exercise in outline.exercises]
        have = sum(exercise.points for exercise in exercises if statuses.get(exercise.id) == "solved")
        return have, sum(exercise.points for exercise in exercises)

    # -- the exercise ------------------------------------------------------------------------------------------------

    def check(self, answer: str | None) -> tuple[Verdict, Place]:
        """The verdict on what was done or said, and where that leaves the learner."""
        verdict = self._session.check(answer)
        if verdict.passed and self._session.instance is not None:
            self._passed.add(self._session.instance.exercise.id)
        return verdict, self.place()

    def hint(self) -> Hint | None:
        """The next hint, or None."""
        return self._session.hint()

    def reveal(self) -> tuple[list[str], Place]:
        """A solution's lines."""
        lines = self._session.reveal()
        return lines, self.place()

    def reset(self) -> Place:
        """Begin the exercise again; outside of one, empty what the learner made."""
        if self._session.instance is not None:
            self._session.reset()
        else:
            self._session.backend.clean()
        return self.place()
