"""Why this reply, what this word, what went wrong: words only, from the catalog, the reply and the state passed in."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tutor.explain.command import Explanation, Part, explain_command, phrase
    from tutor.explain.reply import Reason, explain_reply
    from tutor.explain.scene import KeyState, Scene

__all__ = ["Explanation", "KeyState", "Part", "Reason", "Scene", "explain_command", "explain_reply", "phrase"]

# Which file a name stands in; each is read when one of its names is first asked for, for the prompt needs none of them.
_FILES = {
    "command": (
        "Explanation",
        "Part",
        "explain_command",
        "phrase",
    ),
    "reply": (
        "Reason",
        "explain_reply",
    ),
    "scene": (
        "KeyState",
        "Scene",
    ),
}
_FILE_OF = {name: file for file, names in _FILES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _FILE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = globals()[name] = getattr(import_module(f"{__name__}.{_FILE_OF[name]}"), name)
    return value
