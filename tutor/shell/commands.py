"""What the tutor's own commands do: a literal table, a function for each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from tutor.errors import UsageError
from tutor.explain import explain_command, explain_reply
from tutor.shell.line import read_line, to_bytes
from tutor.shell.place import Place
from tutor.shell.study import Ending, StepView
from tutor.shell.vocabulary import ALIASES, CLIENTS, RULE, WORDS
from tutor.view import (
    BLANK,
    Drawing,
    Line,
    Look,
    Span,
    draw_explanation,
    draw_hint,
    draw_lessons,
    draw_markdown,
    draw_pairs,
    draw_reason,
    draw_text,
    draw_transcript,
    draw_verdict,
    indent,
    line,
    points,
    width,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tutor.shell.repl import Shell

__all__ = ["COMMANDS", "begin"]

_MARGIN = "  "


# -- lessons -------------------------------------------------------------------------------------------------------


async def lessons(shell: Shell, rest: str) -> None:
    """List the lessons with what is solved."""
    rows = await shell.background.do(shell.study.rows)
    await shell.show((BLANK, *draw_lessons(rows, shell.look), BLANK))
    await shell.say("`start LESSON` begins one.")


async def progress(shell: Shell, rest: str) -> None:
    """The lessons, and the points."""
    rows = await shell.background.do(shell.study.rows)
    have, all_ = await shell.background.do(shell.study.points)
    await shell.show((BLANK, *draw_lessons(rows, shell.look), BLANK))
    await shell.say(f"{have} of {points(all_)}.")


async def start(shell: Shell, rest: str) -> None:
    """Begin a lesson."""
    words = rest.split()
    if len(words) > 1:
        raise UsageError("Which lesson? Type start and the lesson's id; `lessons` lists them.")
    if not await shell.ready():
        return
    await go(shell, lambda: shell.study.start(words[0].lower() if words else ""))


async def next_(shell: Shell, rest: str) -> None:
    """Go on: to the rest of a long step, to the next step, behind the last one to the next lesson."""
    _need_lesson(shell)
    if not await shell.show_more():
        await go(shell, shell.study.next)


async def back(shell: Shell, rest: str) -> None:
    """Go back."""
    _need_lesson(shell)
    await go(shell, shell.study.back)


async def show(shell: Shell, rest: str) -> None:
    """The step again."""
    _need_lesson(shell)
    await go(shell, shell.study.current)


def _need_lesson(shell: Shell) -> None:
    if not shell.place.lesson:
        raise UsageError("No lesson has begun. `lessons` lists them, `start LESSON` begins one.")


async def go(shell: Shell, step: Callable[[], StepView | Ending]) -> None:
    """Go to a step, and show it or the lesson's end."""
    view = await shell.background.do(step)
    shell.names.clear()
    await shell.background.do(shell.room.look)
    await shell.talk.settle()
    shell.talk.come_home()
    await _as_guest(shell)
    if isinstance(view, Ending):
        await shell.arrive(await shell.background.do(shell.study.place))
        await show_ending(shell, view)
    else:
        await show_step(shell, view)


async def _as_guest(shell: Shell) -> None:
    """Where a lesson works on a server that holds the learner's own data; said once."""
    if shell.room.backend.name == "live" and not shell.told("guest"):
        database = shell.room.backend.address.database or 0
        await shell.say(
            f"Lessons work in database {database} of this server, which was empty. No other data is touched."
        )


async def show_ending(shell: Shell, ending: Ending) -> None:
    """What is said behind the last step."""
    text = f"{ending.title} ends here. You have {ending.points} of {points(ending.of_points)}."
    if ending.open:
        steps = ", ".join(str(step) for step in ending.open)
        text += f"\nStill open: step{'s' if len(ending.open) > 1 else ''} {steps}. `back` leads there."
    if ending.following:
        text += f"\nEnter begins the next lesson: {ending.following_title} (`start {ending.following}`)."
    else:
        text += f"\nThis was the last lesson. In the whole course you have {ending.all_points} of "
        text += f"{points(ending.of_all_points)}."
        if ending.unfinished:
            names = ", ".join(f"`start {name}`" for name in ending.unfinished)
            text += f"\nSome exercises are open in other lessons: {names}."
    text += "\n`lessons` lists what you have done; `quit` leaves, and your progress is kept."
    look = shell.look
    await shell.show((BLANK, *indent(draw_text(text, look), "" if look.plain else _MARGIN), BLANK))


async def show_step(shell: Shell, view: StepView) -> None:
    """Show a step of a lesson, and where it stands."""
    await shell.arrive(view.place)
    look = shell.look
    narrower = Look(look.columns - len(_MARGIN), look.color, look.plain)
    # The Markdown parser takes a moment to be imported; so it is done in the background.
    body = await shell.background.do(lambda: draw_markdown(view.text, narrower))
    drawing: list[Line] = [BLANK, *_head(view, narrower), BLANK, *body, BLANK]
    if view.said:
        drawing += [*draw_text(view.said, narrower, "quiet"), BLANK]
    await shell.show_long(indent(drawing, "" if look.plain else _MARGIN), step=True)


def _head(view: StepView, look: Look) -> Drawing:
    """The step's title on the left; on the right what it is."""
    place = view.place
    title = view.title or ("Exercise" if place.exercise else place.title)
    right = f"{place.step}/{place.steps}"
    if place.exercise:
        state = {"solved": ", solved", "revealed": ", revealed"}.get(place.status, "")
        right = f"{'exercise, ' if view.title else ''}{points(view.points)}{state} · {right}"
    if look.plain:
        kind = f" {'Exercise, ' if view.title else ''}{points(view.points)}." if place.exercise else ""
        return (line(f"{title}. Step {place.step} of {place.steps}.{kind}"),)
    gap = look.measure - width(title) - width(right)
    if gap < 2:
        return (line((title, "heading")), line((right, "quiet")))
    return (line((title, "heading"), " " * gap, (right, "quiet")), line(("─" * look.measure, "quiet")))


async def begin(shell: Shell, lesson: str | None, *, resume: bool) -> None:
    """Behind the first prompt, with the server up: what has to be said, and the step to go on with."""
    warning = await shell.background.do(shell.study.warning)
    if warning:
        await shell.say(warning, "wrong")
    for problem in await shell.background.do(shell.study.problems):
        await shell.say(problem, "wrong")
    if lesson is not None:
        await start(shell, lesson)
    elif resume:
        await go(shell, shell.study.resume)


# -- exercises -----------------------------------------------------------------------------------------------------


async def check(shell: Shell, rest: str) -> None:
    """Check what was done, or the answer."""
    _need_lesson(shell)
    place = shell.place
    if not place.exercise:
        raise UsageError("There is nothing to check in this step. `next` goes on.")
    answer: str | None = None
    if place.kind in ("predict", "choice", "order"):
        answer = rest or await shell.ask(_question(place))
        if not rest and answer.strip() in WORDS:
            # At the question, too, `hint` is a command and not an answer.
            await COMMANDS[answer.strip()](shell, "")
            return
        if not answer.strip():
            await shell.say("No answer was given. Type `check` and the answer, or `hint`.")
            return
    if answer is not None:
        # Bytes that are no text would find no place in the log of answers.
        answer = to_bytes(answer).decode("utf-8", "backslashreplace")
    verdict, now = await shell.background.do(lambda: shell.study.check(answer))
    await shell.talk.arrivals()
    await shell.arrive(now)
    if verdict.passed:
        # What is left of the text is not needed any more.
        shell.drop_rest()
        then = "Enter goes on."
    elif place.kind in ("state", "reply", "timeline"):
        then = "`hint` helps, `reset` begins this exercise again."
    else:
        then = "" if verdict.feedback is not None and verdict.feedback.look else "Try again, or ask for a `hint`."
    await shell.show((BLANK, *draw_verdict(verdict, shell.look, then), BLANK))


def _question(place: Place) -> str:
    return {
        "choice": "Your answer, one letter: ",
        "order": "The letters, in order: ",
    }.get(place.kind, "What does it answer? ")


async def hint(shell: Shell, rest: str) -> None:
    """The next hint."""
    _need_lesson(shell)
    if not shell.place.exercise:
        raise UsageError("Hints are for exercises, and this step is to read. `next` goes on.")
    found = await shell.background.do(shell.study.hint)
    if found is None:
        await shell.say("There are no more hints. `reveal` shows a solution.")
        return
    await shell.show((BLANK, *draw_hint(found.text, found.number, found.total, shell.look), BLANK))


async def reveal(shell: Shell, rest: str) -> None:
    """Show a solution, when the learner is sure."""
    _need_lesson(shell)
    if not shell.place.exercise:
        raise UsageError("There is nothing to reveal in this step. `next` goes on.")
    if shell.place.status not in ("solved", "revealed") and not await shell.confirm(
        "The exercise will count as revealed, not as solved. Show a solution?"
    ):
        await shell.say("Not shown.")
        return
    lines, now = await shell.background.do(shell.study.reveal)
    await shell.arrive(now)
    drawn = draw_transcript(lines) if shell.place.kind in ("state", "reply", "timeline") else _plain(lines)
    await shell.show((BLANK, line(("A solution:", "label")), *indent(drawn, _MARGIN), BLANK))
    await shell.say("Try it yourself: `reset` begins the exercise again. `next` goes on.")


def _plain(lines: list[str]) -> Drawing:
    return tuple(line((text, "code")) for text in lines)


async def reset(shell: Shell, rest: str) -> None:
    """Begin the exercise again."""
    _need_lesson(shell)
    place = await shell.background.do(shell.study.reset)
    shell.names.clear()
    await shell.background.do(shell.room.look)
    await shell.talk.settle()
    shell.talk.come_home()
    await shell.arrive(place)
    text = "The exercise begins again, with its own keys." if place.exercise else "The database is empty again."
    if not shell.told("reset"):
        text += " (Redis's command RESET is written in capitals.)"
    await shell.say(text)


# -- looking -------------------------------------------------------------------------------------------------------


async def why(shell: Shell, rest: str) -> None:
    """Explain the last reply."""
    last = shell.talk.last
    if last is None:
        raise UsageError("Nothing was answered yet. Type a command, then `why`.")
    _, argv, reply = last
    scene = await shell.background.do(lambda: shell.room.scene(last[0], argv))
    reason = explain_reply(shell.grammar.catalog, argv, reply, scene)
    await shell.show(draw_reason(reason, shell.look))


async def explain(shell: Shell, rest: str) -> None:
    """Explain a line, word by word."""
    await _explain(shell, rest, "explain SET k v EX 3 NX")


async def _explain(shell: Shell, rest: str, example: str) -> None:
    typed = read_line(rest)
    own = WORDS.get(ALIASES.get(rest.lstrip(":"), rest.lstrip(":")))
    if own is not None and not (typed.words and typed.tutor is None):
        await shell.show(draw_pairs([(own.usage, own.sentence)], shell.look, "command"))
        return
    if typed.fault is not None:
        raise typed.fault
    if not typed.words:
        raise UsageError(f"What is to be explained? For example: {example}")
    await shell.show(draw_explanation(explain_command(shell.grammar.catalog, typed.argv), shell.look))


# -- the shell -----------------------------------------------------------------------------------------------------


async def client(shell: Shell, rest: str) -> None:
    """Speak as the other client."""
    name = rest.strip().upper()
    if not name:
        await shell.say(
            f"You are client {shell.talk.client}. `client {'B' if shell.talk.client == 'A' else 'A'}` changes."
        )
        return
    if name not in CLIENTS:
        raise UsageError("There are two clients: client A and client B.")
    shell.talk.client = name


async def help_(shell: Shell, rest: str) -> None:
    """List the tutor's commands, or explain a command."""
    if rest:
        await _explain(shell, rest, "help SET")
        return
    look = shell.look
    blocks: list[Line] = [BLANK]
    for group, title in (("lesson", "Lessons"), ("look", "Explanations"), ("shell", "The shell")):
        blocks.append((Span(title, "heading"),))
        rows = [(word.usage, word.sentence) for word in WORDS.values() if word.group == group]
        blocks += [*draw_pairs(rows, look, "command"), BLANK]
    blocks.append((Span("Keys", "heading"),))
    blocks += [*draw_pairs(_KEYS, look, "command"), BLANK, *draw_text(RULE, look), BLANK]
    await shell.show_long(tuple(blocks))


_KEYS = (
    ("Tab", "The menu of what may come here; Enter takes a word of it."),
    ("Enter", "Send the line. On an empty line: go on with the lesson."),
    ("Alt-Enter", "A new line without sending. An open quote or a \\ at the end does the same with Enter."),
    ("Ctrl-R", "Search the lines that you typed before. The right arrow takes the grey suggestion."),
    ("Ctrl-C", "Clear the line; on an empty line, stop a command that waits."),
    ("Ctrl-D", "Leave."),
)


async def quit_(shell: Shell, rest: str) -> None:
    """Leave."""
    shell.leaving = True


COMMANDS: dict[str, Callable[[Shell, str], Awaitable[None]]] = {
    "back": back,
    "check": check,
    "client": client,
    "explain": explain,
    "help": help_,
    "hint": hint,
    "lessons": lessons,
    "next": next_,
    "progress": progress,
    "quit": quit_,
    "reset": reset,
    "reveal": reveal,
    "show": show,
    "start": start,
    "why": why,
}
