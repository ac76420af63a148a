"""A learner takes a lesson: steps, exercises, hints, solutions, and the words for each mistake."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from tutor.backends import Backend
from tutor.catalog import Catalog
from tutor.checkers import Feedback, Verdict
from tutor.errors import MissingCapability, UsageError
from tutor.lesson import Course, Example, Exercise, Ordering, Prediction, load_course
from tutor.session import Progress, Session, check_answer
from tutor.wire import Bulk, Integer, Nil


def typed(session: Session, *lines: str) -> None:
    for line in lines:
        client, _, rest = line.partition("> ") if "> " in line else ("A", "", line)
        session.wait(session.submit(client, [word.encode() for word in rest.split()]), 5)


def feedback(verdict: Verdict) -> Feedback:
    assert verdict.feedback is not None
    return verdict.feedback


# -- going through a lesson ------------------------------------------------------------------------------------------


def test_a_lesson_goes_step_by_step_and_nothing_moves_by_itself(session: Session) -> None:
    step = session.start("first")
    assert isinstance(step, Example)
    assert session.index == 0
    step = session.next()
    assert isinstance(step, Prediction)
    assert "${" not in step.text, "an exercise comes with its values"
    assert session.open_exercises() == ("first.predict",)
    assert session.check("(nil)").passed is False
    assert session.step == step
    assert session.check(step.answer).passed
    assert session.step == step, "no auto-advance"
    assert session.open_exercises() == ()
    assert isinstance(session.next(), Example)
    assert isinstance(session.back(), Prediction)


def test_the_end_and_the_beginning(session: Session) -> None:
    session.start("first")
    assert session.back() == session.step
    steps = 1
    while session.next() is not None:
        steps += 1
    assert steps == len(session.course.lesson("first").steps)
    assert session.next() is None
    assert session.step is None
    assert len(session.open_exercises()) == 6, "nothing was refused, and nothing was done"
    assert isinstance(session.back(), Exercise)


def test_a_learner_comes_back_where_they_stopped(course: Course, backend: Backend, catalog: Catalog) -> None:
    with Progress.open(None) as progress:
        first = Session(course, backend, progress, catalog=catalog)
        assert first.resume() is False
        first.start("first")
        first.next()
        values = first.instance.values if first.instance else None
        first.close()
        second = Session(course, backend, progress, catalog=catalog)
        assert second.resume()
        assert second.index == 1
        assert second.instance is not None
        assert second.instance.values == values, "the same learner gets the same numbers"
        assert second.start("first", again=True) == course.lesson("first").steps[0]
        second.close()


def test_a_lesson_that_needs_more_than_the_server_offers(session: Session, good: object) -> None:
    path = load_course(str(good)).folder / "basics/first/lesson.md"
    path.write_text(path.read_text().replace("needs: []", "needs: [tls]"))
    session.course = load_course(str(good))
    with pytest.raises(MissingCapability, match="needs encrypted connections"):
        session.start("first")


@pytest.mark.parametrize("ask", ["next", "back", "check", "hint", "reveal", "reset"])
def test_before_a_lesson_a_learner_is_told_what_to_type(ask: str, session: Session) -> None:
    with pytest.raises(UsageError, match="Type "):
        getattr(session, ask)()


# -- exercises -------------------------------------------------------------------------------------------------------


def test_an_exercise_begins_from_its_setup(session: Session) -> None:
    typed(session, "SET rubbish 1")
    instance = session.begin("first.count")
    page, before = instance.values["page"], instance.values["before"]
    observer = session.backend.observe()
    assert session.index == 5
    assert observer.call("DBSIZE") == Integer(1)
    assert observer.call("GET", f"visits:{page}") == Bulk(str(before).encode())


def test_a_wrong_answer_gets_one_message_with_four_parts(session: Session) -> None:
    values = session.begin("first.count").values
    typed(session, f"INCRBY visits:{values['page']} 1")
    said = feedback(session.check())
    before, total = values["before"], values["total"]
    assert isinstance(before, int)
    assert (said.check, said.expected, said.got) == ("total", str(total), str(before + 1))
    assert said.why == f"The counter should show {total}. It shows {before + 1}."
    assert said.look == f"Type GET visits:{values['page']}."


@pytest.mark.parametrize(
    "lines",
    [
        ["SET visits:{page} {n}"],
        ["set visits:{page} {n}"],
        ["GET visits:{page}", "SET visits:{page} {n}", "GET visits:{page}"],
        ["SETT visits:{page} {n}", "SET visits:{page} {n}"],
        ["B> SET visits:{page} {n}"],
    ],
    ids=["as-written", "lower-case", "with-looking", "with-a-slip", "as-client-B"],
)
def test_a_typical_mistake_gets_its_own_why(lines: list[str], session: Session) -> None:
    values = session.begin("first.count").values
    typed(session, *(line.format(**values) for line in lines))
    assert feedback(session.check()).why == f"SET replaces the {values['before']} that were there."


def test_commands_are_counted(session: Session) -> None:
    values = session.begin("first.count").values
    typed(session, f"GET visits:{values['page']}", f"SET visits:{values['page']} {values['total']}")
    assert feedback(session.check()).why == "Right, with 2 commands. Add in one step."


def test_a_right_answer(session: Session) -> None:
    values = session.begin("first.count").values
    typed(session, f"INCRBY visits:{values['page']} {values['n']}")
    assert session.check() == Verdict(True, None, 2, 2, "")
    assert session.progress.status("first.count") == "solved"
    assert session.progress.points == 2


def test_an_exercise_begins_again(session: Session) -> None:
    values = session.begin("first.count").values
    typed(session, f"SET visits:{values['page']} 0")
    session.reset()
    typed(session, f"INCRBY visits:{values['page']} {values['n']}")
    assert session.check().passed, "what was sent before does not count"


def test_two_clients(session: Session) -> None:
    session.begin("first.handover")
    typed(session, "B> BRPOP jobs 0", "LPUSH jobs mail")
    assert session.check().passed


def test_lines_are_put_in_order(session: Session) -> None:
    exercise = session.begin("first.sort").exercise
    assert isinstance(exercise, Ordering)
    assert feedback(session.check("d c a")).why == "This lock has no end."
    assert feedback(session.check("c b a")).why == "Lock, work, give back."
    assert session.check("b c a").passed
    assert session.check("SET lock me NX EX 30\nINCR work\nDEL lock").passed


def test_an_option_is_chosen(session: Session) -> None:
    session.begin("first.pick")
    verdict = session.check("a")
    assert feedback(verdict).why == "SET replaces."
    assert feedback(verdict).got == "(a) `SET c 5`"
    assert session.check("b") == Verdict(True, None, 1, 1, "It adds any number.")


@pytest.mark.parametrize("exercise", ["first.predict", "first.pick", "first.sort"])
def test_an_answer_that_is_missing_is_asked_for(exercise: str, session: Session) -> None:
    session.begin(exercise)
    for answer in (None, "", "  "):
        with pytest.raises(UsageError, match="Say "):
            session.check(answer)
    assert session.progress.status(exercise) == "new", "that was no attempt"


def test_hints_come_one_by_one(session: Session) -> None:
    session.begin("first.count")
    first, second = session.hint(), session.hint()
    assert first is not None
    assert second is not None
    assert (first.text, first.number, first.total) == ("INCR has a sibling.", 1, 2)
    assert (second.text, second.number) == ("It is INCRBY.", 2)
    assert session.hint() is None


def test_what_is_revealed_is_never_solved(session: Session) -> None:
    values = session.begin("first.count").values
    solution = session.reveal()
    assert solution == [f"INCRBY visits:{values['page']} {values['n']}"]
    typed(session, *solution)
    verdict = session.check()
    assert (verdict.passed, verdict.points, verdict.max_points) == (True, 0, 2)
    assert session.progress.status("first.count") == "revealed"
    assert session.progress.points == 0


def test_who_solves_first_may_look_afterwards(session: Session) -> None:
    values = session.begin("first.count").values
    typed(session, f"INCRBY visits:{values['page']} {values['n']}")
    session.check()
    session.reveal()
    assert session.progress.status("first.count") == "solved"


@pytest.mark.parametrize(
    ("exercise", "shown"),
    [
        ("first.pick", ["(b) `INCRBY c 5`"]),
        ("first.sort", ["(b) `SET lock me NX EX 30`", "(c) `INCR work`", "(a) `DEL lock`"]),
        ("first.handover", ["B> BRPOP jobs 0", "LPUSH jobs mail"]),
    ],
)
def test_every_kind_shows_its_solution(exercise: str, shown: list[str], session: Session) -> None:
    session.begin(exercise)
    assert session.reveal() == shown


# -- an answer in a file ---------------------------------------------------------------------------------------------


def test_an_answer_is_checked_without_a_session(course: Course, backend: Backend, catalog: Catalog) -> None:
    right = "# my answer\nB> BRPOP jobs 0\n\n> LPUSH jobs mail\n"
    assert check_answer(course, "first.handover", right, backend, 1, catalog=catalog).passed
    wrong = check_answer(course, "first.handover", "B> BRPOP jobs 0\nLPUSH jobs letter", backend, 1, catalog=catalog)
    assert feedback(wrong).why.startswith('B should receive 1) "jobs"')
    assert not check_answer(course, "first.count", "", backend, 1, catalog=catalog).passed
    assert check_answer(course, "first.pick", "b\n", backend, 1, catalog=catalog).passed
    assert check_answer(course, "first.sort", "(b)\n(c)\n(a)\n", backend, 1, catalog=catalog).passed


def test_an_answer_that_cannot_be_read_is_told_with_its_line(
    course: Course, backend: Backend, catalog: Catalog
) -> None:
    with pytest.raises(UsageError, match=r"your answer:2: .*never closed"):
        check_answer(course, "first.count", 'GET k\nSET k "v', backend, 1, catalog=catalog)


# -- the same mistake in other words ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lines",
    [
        ["DEL visits:{page}", "INCRBY visits:{page} {n}"],
        ["GETSET visits:{page} {n}"],
        ["MSET visits:{page} {n}"],
        ["INCR visits:{page}", "DEL visits:{page}", "SET visits:{page} 0", "INCRBY visits:{page} {n}"],
    ],
    ids=["two-commands", "another-command", "MSET", "after-some-tries"],
)
def test_a_typical_mistake_is_known_by_what_it_leaves_behind(lines: list[str], session: Session) -> None:
    values = session.begin("first.count").values
    typed(session, *(line.format(**values) for line in lines))
    before = session.backend.observe().call("GET", f"visits:{values['page']}")
    assert feedback(session.check()).why == f"SET replaces the {values['before']} that were there."
    assert session.backend.observe().call("GET", f"visits:{values['page']}") == before, (
        "what the learner has is left alone"
    )
    with closing(session.backend.connect(15)) as beside:
        assert beside.call("DBSIZE") == Integer(0), "nothing is left of the trial"


# -- typing along with a lesson's transcripts ------------------------------------------------------------------------


def test_after_an_exercise_the_lesson_goes_on_from_its_own_state(session: Session) -> None:
    observer = session.backend.observe()
    session.start("first")
    assert observer.call("DBSIZE") == Integer(0), "the first transcript begins in an empty database"
    typed(session, "SET mine 1")
    session.next()
    assert observer.call("GET", "greeting") == Nil(), "an exercise has its own setup"
    session.next()
    assert observer.call("GET", "greeting") == Bulk(b"good morning"), "what the transcripts above have made is there"
    assert observer.call("EXISTS", "mine") == Integer(0)
    session.back()
    assert observer.call("GET", "greeting") == Nil()
    assert session.transcript.attempt() == ((), ()), "and the learner did none of it"


def test_who_only_reads_finds_what_the_next_transcript_stands_on(session: Session, good: Path) -> None:
    path = good / "basics/first/lesson.md"
    more = '\n\n## More\n\n```redis\n> GET greeting\n"good morning"\n```\n'
    text = path.read_text()
    end = text.index("```", text.index("```redis") + 3) + 3
    path.write_text(text[:end] + more + text[end:])
    session.course = load_course(good)
    session.start("first")
    session.next()
    assert session.backend.observe().call("GET", "greeting") == Bulk(b"good morning")


def test_a_check_before_anything_was_typed_names_no_answer(session: Session) -> None:
    session.begin("first.count")
    said = session.check().feedback
    assert said is not None
    assert (said.got, said.expected, said.look) == ("no command yet", "", "")


def test_typing_along_is_not_disturbed_between_two_readings(session: Session, good: Path) -> None:
    path = good / "basics/first/lesson.md"
    path.write_text(path.read_text().replace("A key holds a value.", "A key.\n\n## More\n\nA key holds a value."))
    session.course = load_course(good)
    session.start("first")
    typed(session, "SET mine 1")
    session.next()
    assert session.backend.observe().call("GET", "mine") == Bulk(b"1")
