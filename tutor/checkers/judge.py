"""From what happened to a verdict: the first check that fails, and the words that fit this mistake best."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tutor.catalog import Catalog
from tutor.checkers.attempt import Attempt, Finding, command_name
from tutor.checkers.letters import read_letter
from tutor.checkers.predict import judge_prediction
from tutor.checkers.table import CHECKERS
from tutor.checkers.verdict import Feedback, Verdict
from tutor.lesson import (
    Check,
    Choice,
    Exercise,
    Instance,
    Ordering,
    Prediction,
    Task,
    Value,
    Wrong,
    call_shape,
    parse_lines,
)

__all__ = ["judge_choice", "judge_predict", "judge_work"]


def judge_work(
    instance: Instance,
    attempt: Attempt,
    letters: Sequence[str] | None = None,
    lookalike: Callable[[Sequence[Wrong]], Wrong | None] | None = None,
) -> Verdict:
    """The verdict on commands that were sent: of a task, or of the lines that `letters` put in order.

    `lookalike` is asked which of some wrong answers leads to the same state, when the commands do not tell.
    """
    exercise = instance.exercise
    assert isinstance(exercise, Task | Ordering)
    for check in exercise.checks:
        finding = CHECKERS[check.group](check, attempt)
        if finding is not None:
            wrong = _typical(exercise, check, attempt, letters, lookalike)
            said: dict[str, Value] = {
                "expected": finding.expected,
                "actual": finding.actual,
                "key": finding.key,
                "commands": len(attempt.done()),
            }
            template = wrong.why if wrong is not None and wrong.why is not None else check.otherwise
            why = template.fill({**instance.values, **said})
            return _failed(exercise, Feedback(check.id, finding.expected, finding.actual, why, _look(finding, attempt)))
    return _passed(exercise)


def _look(finding: Finding, attempt: Attempt) -> str:
    """What to look at next; somewhere else when the learner has left the exercise's database."""
    for call in reversed(attempt.done()):
        if command_name(attempt.catalog, call.argv) == "SELECT" and len(call.argv) == 2:
            number = call.argv[1].decode("utf-8", "replace")
            return f"{finding.look} Client {call.client} has left for database {number}; `reset` brings it back."
    return finding.look


def judge_predict(instance: Instance, answer: str) -> Verdict:
    """The verdict on a predicted reply."""
    exercise = instance.exercise
    assert isinstance(exercise, Prediction)
    right, wrong, own = judge_prediction(exercise, answer)
    if right:
        return _passed(exercise)
    why = _why(wrong, instance.values) or own or "Redis answers something else."
    expected = f"what {exercise.command} answers"
    look = "Type `hint`, or run the command and see."
    return _failed(exercise, Feedback("predict", expected, answer.strip() or "nothing", why, look))


def judge_choice(instance: Instance, answer: str) -> Verdict:
    """The verdict on a chosen option. Raises `UsageError` when no option was named."""
    exercise = instance.exercise
    assert isinstance(exercise, Choice)
    letter = read_letter(answer, exercise.items)
    option = next(option for option in exercise.options if option.letter == letter)
    if option.right:
        return _passed(exercise, option.why)
    wrong = next(wrong for wrong in exercise.wrong if wrong.answer == letter)
    text = next(item.text for item in exercise.items if item.letter == letter)
    feedback = Feedback("choice", "another option", f"({letter}) {text}", _why(wrong, instance.values), "Type `hint`.")
    return _failed(exercise, feedback)


def _passed(exercise: Exercise, why: str = "") -> Verdict:
    said = " ".join(part for part in (why, exercise.why or "") if part)
    return Verdict(True, None, exercise.points, exercise.points, said)


def _failed(exercise: Exercise, feedback: Feedback) -> Verdict:
    return Verdict(False, feedback, 0, exercise.points)


def _why(wrong: Wrong | None, values: Mapping[str, Value]) -> str:
    if wrong is None or wrong.why is None:
        return ""
    # There is no check here that could have found something, so these names say nothing.
    return wrong.why.fill({**values, "expected": "", "actual": "", "key": "", "commands": ""})


# -- which of the typical mistakes is it? ------------------------------------------------------------------------


def _typical(
    exercise: Task | Ordering,
    check: Check,
    attempt: Attempt,
    letters: Sequence[str] | None,
    lookalike: Callable[[Sequence[Wrong]], Wrong | None] | None,
) -> Wrong | None:
    if letters is not None:
        return _by_letters(exercise, check, letters)
    wrong = _by_commands(exercise, check, attempt)
    if wrong is None and lookalike is not None and check.group in ("state", "keyspace") and attempt.calls:
        wrong = lookalike([each for each in exercise.wrong if each.fails == check.id])
    return wrong


def _by_letters(exercise: Task | Ordering, check: Check, letters: Sequence[str]) -> Wrong | None:
    said = ", ".join(letters)
    return next((wrong for wrong in exercise.wrong if wrong.fails == check.id and wrong.answer == said), None)


def _by_commands(exercise: Task | Ordering, check: Check, attempt: Attempt) -> Wrong | None:
    """The wrong answer that was given: the same commands, or the same but for reading and for slips."""
    catalog = attempt.catalog
    sent = [(call.client, call.argv, call.failed) for call in attempt.calls]
    exact = _normal(catalog, [(client, argv) for client, argv, _ in sent])
    lean = _normal(catalog, [(client, argv) for client, argv, _ in sent if not _reads(catalog, argv)])
    done = [(client, argv) for client, argv, failed in sent if not failed and not _reads(catalog, argv)]
    meant = _normal(catalog, done)
    candidates = [wrong for wrong in exercise.wrong if wrong.fails == check.id]
    lines = {
        wrong.where: [(line.client, line.argv) for line in parse_lines(wrong.answer, wrong.where, 0)]
        for wrong in candidates
    }
    for wrong in candidates:
        if _normal(catalog, lines[wrong.where]) == exact:
            return wrong
    for wrong in candidates:
        without = [(client, argv) for client, argv in lines[wrong.where] if not _reads(catalog, argv)]
        if without and _normal(catalog, without) in (lean, meant):
            return wrong
    return None


def _normal(catalog: Catalog, lines: Sequence[tuple[str, tuple[bytes, ...]]]) -> list[object]:
    """Commands in a form in which case and the order of options do not matter; clients only when there are several."""
    several = len({client for client, _ in lines}) > 1
    return [(client if several else "", call_shape(catalog, argv)) for client, argv in lines]


def _reads(catalog: Catalog, argv: tuple[bytes, ...]) -> bool:
    command = catalog.find(argv)
    return command is not None and "readonly" in command.flags
