"""The shell: one prompt after another, and what came meanwhile above it."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app_or_none
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.formatted_text import StyleAndTextTuples, fragment_list_to_text
from prompt_toolkit.input import Input
from prompt_toolkit.output import Output
from prompt_toolkit.shortcuts import CompleteStyle
from prompt_toolkit.utils import is_dumb_terminal

from tutor import view
from tutor.errors import TutorError
from tutor.shell.background import Background
from tutor.shell.bar import Bar
from tutor.shell.completer import RedisCompleter
from tutor.shell.grammar import Grammar
from tutor.shell.history import LineHistory
from tutor.shell.keys import key_bindings
from tutor.shell.lexer import RedisLexer
from tutor.shell.line import Line, logical_lines, read_line, without_replies
from tutor.shell.names import Names
from tutor.shell.pages import Pages, menu_rows, page_rows
from tutor.shell.place import Place
from tutor.shell.screen import Screen, prompt_style
from tutor.shell.talk import Talk
from tutor.shell.vocabulary import CLIENTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tutor.shell.room import Room
    from tutor.shell.study import Study
    from tutor.view import Drawing, Look
    from tutor.wire import Reply

__all__ = ["Shell", "is_answer"]


_AFTER_THE_PROMPT = 0.015


class Shell:
    """A learner at a terminal."""

    def __init__(
        self,
        room: Room,
        grammar: Grammar,
        *,
        history: str,
        input: Input | None = None,
        output: Output | None = None,
        color: bool = True,
        plain: bool = False,
        debug_log: str | None = None,
    ) -> None:
        self.room = room
        self.background = Background()
        self.grammar = grammar
        self.place = Place()
        self.leaving = False
        self._debug_log = debug_log
        self.names = Names(self._ask)
        self._pages = Pages()
        self._taken = 0
        self._bar = Bar(self.grammar, status=self._status)
        self._lessons: tuple[tuple[str, str], ...] = ()
        self._prompt: PromptSession[str] = PromptSession(
            history=LineHistory(history),
            auto_suggest=None if plain else AutoSuggestFromHistory(),
            lexer=None if plain else RedisLexer(self.grammar),
            completer=RedisCompleter(
                self.grammar, self.names, lessons=lambda: self._lessons, answers=lambda: self.place.letters
            ),
            complete_while_typing=not plain,
            complete_style=CompleteStyle.COLUMN,
            key_bindings=key_bindings(self._interrupt),
            bottom_toolbar=None if plain else self._draw_bar,
            style=None if plain else prompt_style(color=color),
            multiline=True,
            prompt_continuation=lambda width, number, soft: [("class:quiet", "" if plain else "…".ljust(width))],
            reserve_space_for_menu=0,
            enable_suspend=True,
            mouse_support=False,
            input=input,
            output=output,
        )
        self.screen = Screen(self._prompt.output, color=color, plain=plain)
        self.talk = Talk(self)
        self._dumb = output is None and is_dumb_terminal()
        self._paged = not plain and not self._dumb
        self._tasks: set[asyncio.Task[None]] = set()
        self._opening: asyncio.Task[bool] | None = None
        self._asking: PromptSession[str] | None = None
        self._told: set[str] = set()
        self._fault = ""

    @property
    def study(self) -> Study:
        """The lessons."""
        return self.room.study

    # -- for the others ------------------------------------------------------------------------------------------

    @property
    def look(self) -> Look:
        """What the terminal can show now."""
        return self.screen.look

    async def show(self, *drawings: Drawing) -> None:
        """Show drawings above the prompt."""
        await self.screen.show(*drawings)
        if self._dumb and (app := get_app_or_none()) is not None and app.is_running:
            # Nobody else draws the prompt again.
            self.screen.write(fragment_list_to_text(self._message()))

    async def say(self, text: str, style: str = "quiet") -> None:
        """Show a sentence of the tutor's."""
        await self.show(view.draw_text(text, self.look, style))

    async def show_long(self, drawing: Drawing, *, step: bool = False) -> None:
        """Show what may be longer than the screen: as much as there is room for, and the rest when Enter asks for it.

        Where no screen is kept in order, for a screen reader or on a dumb terminal, all of it is shown at once.
        """
        self._pages.drop(step=step)
        if self._paged:
            drawing = self._pages.turn(drawing, page_rows(self.screen.rows, self._taken), step=step)
        self._taken = 0
        await self._show_page(drawing)

    async def show_more(self) -> bool:
        """Show the next page of what was too long; False when nothing is left of it."""
        if not self._pages.waiting:
            return False
        await self._show_page(self._pages.more(page_rows(self.screen.rows)))
        return True

    def drop_rest(self) -> None:
        """Nothing more is to be read here."""
        self._pages.drop(step=True)

    async def _show_page(self, page: Drawing) -> None:
        if self._pages.waiting:
            page = (*page, view.BLANK, view.line(("  ↓ Enter shows more.", "quiet")))
        await self.show(page)

    def greet(self, drawing: Drawing) -> None:
        """Show the first lines of all, before there is a prompt."""
        self._taken = len(drawing)
        self.screen.write(view.render(drawing, self.look) + "\n")

    def told(self, name: str) -> bool:
        """Whether something was said before; from now on it was."""
        if name in self._told:
            return True
        self._told.add(name)
        return False

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something beside the prompt."""
        task = asyncio.get_running_loop().create_task(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def ready(self) -> bool:
        """Wait until the server answers; False when it does not, which has been said then."""
        return self._opening is not None and await asyncio.shield(self._opening)

    async def confirm(self, question: str) -> bool:
        """Ask for yes or no; no is what Enter means."""
        answer = await self.ask(f"{question} [y/N] ")
        return answer.strip().lower() in ("y", "yes")

    async def ask(self, question: str) -> str:
        """Ask for one line, without menu and history; Ctrl-C and Ctrl-D answer nothing."""
        if self._asking is None:
            self._asking = PromptSession(input=self._prompt.input, output=self._prompt.output, style=self._prompt.style)
        try:
            return await self._asking.prompt_async(question, handle_sigint=False)
        except (EOFError, KeyboardInterrupt):
            return ""

    async def arrive(self, place: Place) -> None:
        """The learner is somewhere else now, or stands there in another way."""
        self.place = place
        self._redraw()

    # -- the loop ------------------------------------------------------------------------------------------------

    async def run(self, first: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Prompt until the learner leaves; `first` runs behind the first prompt, when the server is there."""
        loop = asyncio.get_running_loop()
        # Signals reach a program's main thread alone; in another there is nothing to listen to.
        with contextlib.suppress(RuntimeError, ValueError, NotImplementedError):
            loop.add_signal_handler(signal.SIGINT, self._signal)
            for ending in (signal.SIGTERM, signal.SIGHUP):
                loop.add_signal_handler(ending, self._end_soon)
        if self._dumb:
            # There the line editor draws nothing, and does not say when it begins.
            self._begin(first)
        try:
            while not self.leaving:
                if self._paged:
                    self._prompt.reserve_space_for_menu = menu_rows(self.screen.rows)
                try:
                    text = await self._prompt.prompt_async(
                        self._message, handle_sigint=False, pre_run=lambda: self._begin(first)
                    )
                except EOFError:
                    break
                await self._guarded(self.run_text(text))
        finally:
            with contextlib.suppress(RuntimeError, ValueError, NotImplementedError):
                for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                    loop.remove_signal_handler(ending)
            await self._end()

    def _begin(self, first: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """With the first prompt on the screen, the server is started."""
        if self._opening is None:
            self._opening = asyncio.get_running_loop().create_task(self._open())
            self.later(self._first(first))

    async def _open(self) -> bool:
        # Starting a server is work, too: the prompt is drawn before, and takes a first key.
        await asyncio.sleep(_AFTER_THE_PROMPT)
        try:
            await self.background.do(self.room.open)
        except TutorError as fault:
            await self.say(str(fault), "wrong")
            return False
        return True

    async def _first(self, first: Callable[[], Coroutine[Any, Any, None]]) -> None:
        if await self.ready():
            await self.background.do(_preload)
            self.grammar.serve(*await self.background.do(self.room.version))
            await first()
            self._lessons = await self.background.do(self.study.names)

    async def _end(self) -> None:
        self.talk.stop()
        for task in list(self._tasks):
            task.cancel()
        if self._opening is not None:
            with contextlib.suppress(asyncio.CancelledError):
                await self._opening
        await self.background.do(self.room.close)
        self.background.close()

    async def run_text(self, text: str) -> None:
        """Run a text: its lines in order. A fault in one ends the text."""
        self._fault = ""
        lines = logical_lines(text)
        if not lines:
            if not await self.show_more():
                await self._go_on()
            return
        self._pages.drop(step=False)
        for one in without_replies(lines):
            if self.leaving:
                return
            await self.run_line(read_line(one))

    async def _go_on(self) -> None:
        """Enter on an empty line: the next step, unless an exercise is open."""
        if not self.place.lesson:
            return
        if self.place.settled:
            await commands()["next"](self, "")
        elif not self.told(f"open {self.place.exercise}"):
            await self.say(f"This exercise is open: {self.place.keys()}")

    async def run_line(self, typed: Line) -> None:
        """Run one line: the tutor's, or Redis's, or an answer to the exercise."""
        if typed.tutor is not None:
            await commands()[typed.tutor.name](self, typed.rest)
        elif self.place.asked and not typed.client and is_answer(typed.text, self.place, self.grammar):
            await commands()["check"](self, typed.text.strip())
        elif typed.fault is not None:
            await self.show(view.draw_fault(typed.text, typed.fault_at, str(typed.fault), self.look))
        elif typed.words:
            await self.talk.say(typed.client or self.talk.client, typed.argv)
        elif typed.client:
            await commands()["client"](self, typed.client)

    async def _guarded(self, work: Awaitable[None]) -> None:
        """The one place where a fault of ours is caught: the learner's terminal and session go on."""
        try:
            await work
        except TutorError as fault:
            # Both clients lose the server at once; saying it once is enough.
            if str(fault) != self._fault:
                self._fault = str(fault)
                await self.say(str(fault), "wrong")
        except (asyncio.CancelledError, KeyboardInterrupt):
            raise
        except Exception as fault:  # noqa: BLE001 - see above
            await self.say(self._report(fault), "wrong")

    def _report(self, fault: Exception) -> str:
        import traceback

        said = f"The tutor itself has failed here ({type(fault).__name__}: {fault}). Nothing that you did is lost."
        if self._debug_log is None:
            return f"{said} Start it with --debug to keep a log of what happened."
        try:
            with open(self._debug_log, "a", encoding="utf-8") as log:
                traceback.print_exception(fault, file=log)
        except OSError as problem:
            return f"{said} The log {self._debug_log} cannot be written: {problem.strerror}."
        return f"{said} The details are in {self._debug_log}."

    # -- the screen's own parts ----------------------------------------------------------------------------------

    def _message(self) -> StyleAndTextTuples:
        client = self.talk.client
        style = "class:prompt" if client == CLIENTS[0] else "class:prompt.other"
        return [(style, client), ("class:prompt.state", self.talk.state(client).marks), (style, "> ")]

    def _status(self) -> tuple[str, str]:
        keys = self.place.keys()
        return self.place.line(), f"Enter: more · {keys.removeprefix('Enter: ')}" if self._pages.waiting else keys

    def _draw_bar(self) -> StyleAndTextTuples:
        buffer = self._prompt.default_buffer
        return self._bar.draw(buffer.document.text_before_cursor, self._prompt.output.get_size().columns)

    def _redraw(self) -> None:
        app = get_app_or_none()
        if app is not None:
            app.invalidate()

    # -- interrupting --------------------------------------------------------------------------------------------

    def _signal(self) -> None:
        """Ctrl-C while no prompt stands, or a signal from outside."""
        app = get_app_or_none()
        if app is not None and app.is_running:
            app.key_processor.send_sigint()
        else:
            self._interrupt()

    def _end_soon(self) -> None:
        """The terminal is closed, or somebody ends the program: the server is ended too, and its folder removed."""
        self.leaving = True
        app = get_app_or_none()
        if app is not None and app.is_running:
            app.exit(exception=EOFError)

    def _interrupt(self) -> None:
        self.later(self._stop_waiting())

    async def _stop_waiting(self) -> None:
        if not await self.talk.interrupt():
            await self.say("Nothing is waiting. Ctrl-D or `quit` leaves.")

    async def _ask(self, commands: list[tuple[bytes, ...]]) -> list[Reply] | None:
        """For the menu: what the server says, unless it is not there yet or busy with a slow command."""
        if self._opening is None or not self._opening.done() or not self._opening.result():
            return None
        if any(not self.room.blocks(argv) for argv in self.talk.waiting.values()):
            return None
        database = self.talk.state(self.talk.client).database
        return await self.background.do(lambda: self.room.ask(database, commands))


def _preload() -> None:
    """Read what the menu and the tutor's commands need, before anybody waits for it."""
    import tutor.explain.reply
    import tutor.shell.commands
    import tutor.shell.speech  # noqa: F401


def commands() -> dict[str, Callable[[Shell, str], Awaitable[None]]]:
    """What the tutor's commands do. They are read behind the first prompt, which does not wait for them."""
    from tutor.shell.commands import COMMANDS

    return COMMANDS


def is_answer(text: str, place: Place, grammar: Grammar) -> bool:
    """Whether a line that is typed at an exercise which wants an answer is one, and no command.

    An answer of redis-cli's form cannot be a command: no name begins with a parenthesis, a quote or a digit. A bare
    word counts where Redis has no such command: `OK`, or the letters of an ordering.
    """
    from tutor.shell.speech import is_letters

    text = text.strip()
    if place.kind in ("choice", "order"):
        return is_letters(text, place.letters, several=place.kind == "order") and grammar.catalog.get(text) is None
    if text[:1] in ("(", '"', "'") or text.lstrip("-")[:1].isdigit():
        return True
    return " " not in text and grammar.catalog.get(text) is None
