"""Key bindings: Enter sends or goes on, Ctrl-C clears or interrupts, Alt-Enter is a new line."""

from __future__ import annotations

from collections.abc import Callable

from prompt_toolkit.enums import DEFAULT_BUFFER
from prompt_toolkit.filters import completion_is_selected, has_focus
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys

from tutor.shell.line import unfinished

__all__ = ["key_bindings"]


def key_bindings(interrupt: Callable[[], None]) -> KeyBindings:
    """The shell's own keys; all others are those of Emacs mode."""
    keys = KeyBindings()
    # While a line is searched for, the keys are those of the search.
    typing = has_focus(DEFAULT_BUFFER)

    @keys.add("enter", filter=typing & ~completion_is_selected)
    def _enter(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        text = buffer.text
        # A second Enter on an empty line sends what is there, so that nobody is caught in an open quote.
        if unfinished(text) and not text.endswith("\n"):
            buffer.cursor_position = len(text)
            buffer.insert_text("\n")
        else:
            buffer.validate_and_handle()

    @keys.add("enter", filter=typing & completion_is_selected)
    def _take(event: KeyPressEvent) -> None:
        # The word from the menu stays; the line is not sent yet.
        event.current_buffer.complete_state = None

    @keys.add("escape", "enter", filter=typing)
    def _newline(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    @keys.add("c-c", filter=typing)
    @keys.add(Keys.SIGINT, filter=typing)
    def _clear(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if buffer.text or buffer.complete_state:
            buffer.cancel_completion()
            buffer.reset()
        else:
            interrupt()

    @keys.add("c-d", filter=typing)
    def _leave(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if buffer.text:
            buffer.delete()
        else:
            event.app.exit(exception=EOFError)

    return keys
