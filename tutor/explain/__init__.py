"""Why this reply, what this word, what went wrong: words only, from the catalog, the reply and the state passed in."""

from __future__ import annotations

from tutor.explain.command import Explanation, Part, explain_command, phrase
from tutor.explain.reply import Reason, explain_reply
from tutor.explain.scene import KeyState, Scene

__all__ = ["Explanation", "KeyState", "Part", "Reason", "Scene", "explain_command", "explain_reply", "phrase"]
