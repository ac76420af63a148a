"""Which commands there are, and what Redis says of each: its words found, its arity checked, its refusals worded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tutor.embedded.commands.table import COMMANDS
from tutor.embedded.fake import SUPPORTED_COMMANDS, SimpleError
from tutor.embedded.family import Families
from tutor.embedded.reply import spell

__all__ = ["TABLE", "Command", "find"]


@dataclass(frozen=True, slots=True)
class Command:
    """One command that can be run."""

    name: str
    """Lower case; a subcommand is `container|subcommand`."""
    label: bytes
    """The same as bytes, as CLIENT LIST shows it."""
    arity: int
    """How many words, the name included; negative: at least so many."""
    flags: frozenset[str]
    """Redis's flags, such as `write`, `denyoom`, `noscript`."""
    keys: tuple[int, int, int]
    """Positions of the first and last key and the step between them; zeros where they depend on the arguments."""
    words: int
    """How many words the name has."""
    signature: Any
    """fakeredis's description of the arguments, and the name of the method that runs it."""


def _build() -> dict[bytes, Command]:
    """Those of fakeredis's commands, with ours in their place, that Redis has too and that a client can run."""
    table = {}
    for name, signature in SUPPORTED_COMMANDS.items():
        if not hasattr(Families, signature.func_name):
            continue
        spelled = name.replace(" ", "|")
        facts = COMMANDS.get(spelled) or _OURS.get(spelled)
        if facts is None or spelled.startswith(_LEFT_OUT):
            continue  # newer than the version that we follow, or not as Redis has it
        arity, flags, first, last, step, _ = facts
        words = 1 + spelled.count("|")
        label = spelled.encode()
        table[label] = Command(spelled, label, arity, frozenset(flags.split()), (first, last, step), words, signature)
    return table


_LEFT_OUT = ("geo", "pf")
"""fakeredis keeps geohashes as texts and HyperLogLogs as sets, which the learner would see through other commands."""

_OURS: dict[str, tuple[int, str, int, int, int, str]] = {
    # What observers may say besides; unknown to everybody else.
    "tutor.clock": (-1, "", 0, 0, 0, ""),
    "tutor.consumer": (6, "", 0, 0, 0, ""),
    "tutor.pending": (7, "", 0, 0, 0, ""),
    "tutor.reset": (1, "", 0, 0, 0, ""),
}

TABLE: dict[bytes, Command] = _build()
_CONTAINERS = frozenset(name.partition("|")[0].encode() for name in COMMANDS if "|" in name)


def find(argv: list[bytes], observer: bool = False) -> Command:
    """The command that these words name. Raises SimpleError in Redis's words when there is none, or too few words."""
    entry = TABLE.get(argv[0])
    if entry is None:
        name = argv[0].lower()
        if name in _CONTAINERS and len(argv) > 1:
            name += b"|" + argv[1].lower()
        entry = TABLE.get(name)
        if entry is None:
            raise _missing(argv, name)
    elif len(argv) > 1 and entry.label in _CONTAINERS:
        entry = TABLE.get(entry.label + b"|" + argv[1].lower())
        if entry is None:
            raise _missing(argv, argv[0].lower() + b"|" + argv[1].lower())
    if entry.name in _OURS and not observer:
        raise _missing(argv, b"")
    if (entry.arity > 0 and len(argv) != entry.arity) or len(argv) < -entry.arity:
        raise SimpleError(f"ERR wrong number of arguments for '{entry.name}' command")
    return entry


def _missing(argv: list[bytes], name: bytes) -> SimpleError:
    spelled = name.decode("latin-1")
    container = name.partition(b"|")[0]
    if spelled in COMMANDS and not (name in _CONTAINERS and len(argv) > 1):
        arity = COMMANDS[spelled][0]
        if (arity > 0 and len(argv) != arity) or len(argv) < -arity:
            return SimpleError(f"ERR wrong number of arguments for '{spelled}' command")
        shown = spelled.replace("|", " ").upper()
        return SimpleError(f"ERR {shown} is a command of Redis that this tutor's own server does not have")
    if b"|" in name and container in _CONTAINERS:
        sub = spell(argv[1][:128])
        return SimpleError(f"ERR unknown subcommand '{sub}'. Try {container.decode().upper()} HELP.")
    # Redis echoes at most 128 bytes of the command and of its arguments.
    shown = spell(argv[0][:128])
    args = ""
    for arg in argv[1:]:
        if len(args) >= 128:
            break
        args += f"'{spell(arg[: 128 - len(args)])}' "
    return SimpleError(f"ERR unknown command '{shown}', with args beginning with: {args}")
