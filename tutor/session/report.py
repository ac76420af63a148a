"""What a proof came to: faults with their places, what was counted, and what was not tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

__all__ = ["Fault", "LessonProof", "Report"]

# What a proof counts, with its word for one.
_COUNTED = {
    "transcripts": "transcript",
    "commands": "command",
    "exercises": "exercise",
    "solutions": "solution",
    "wrong": "wrong answer",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in a lesson that does not hold."""

    lesson: str
    backend: str
    """`embedded`, `redis-server` or a URL; empty when it does not depend on the server."""
    what: str
    """`file`, `transcript`, `start`, `solution`, `wrong`, `answer`, `setup`, `words` or `server`."""
    where: str
    """`file:line`."""
    message: str
    """What was expected, and what happened."""


@dataclass(frozen=True, slots=True)
class LessonProof:
    """One lesson on one backend."""

    lesson: str
    backend: str
    faults: tuple[Fault, ...]
    counted: dict[str, int]
    """How many `transcripts`, `commands`, `exercises`, `solutions` and `wrong` answers were tried."""
    seconds: float
    skipped: str = ""
    """Why it was not tried here: what the lesson needs and the backend does not offer. Empty when it was."""


@dataclass(frozen=True, slots=True)
class Report:
    """The proof of several lessons on several backends."""

    proofs: tuple[LessonProof, ...]
    not_tried: dict[str, str]
    """Backends that were asked for and are not there, with the reason and what to type."""
    required: bool
    """True when a backend that was not tried is a failure (REQUIRE_SERVERS=1)."""
    seconds: float
    faults: tuple[Fault, ...] = field(default=())
    """All faults, each once, in course order."""

    @property
    def passed(self) -> bool:
        """Whether everything that was tried holds, and everything that must be tried was."""
        return not self.faults and not (self.required and self.not_tried)

    def to_json(self) -> dict[str, object]:
        """The report as plain data for `json.dumps`."""
        return {"passed": self.passed, **asdict(self)}

    def text(self) -> str:
        """The report for a person: faults first, then what was counted, then what was not tried."""
        lines = []
        for fault in self.faults:
            on = f" [{fault.backend}]" if fault.backend else ""
            lines.append(f"{fault.where}: {fault.what}{on}: {fault.message}")
        if lines:
            lines.append("")
        for backend in dict.fromkeys(proof.backend for proof in self.proofs):
            lines.append(self._summary(backend, [proof for proof in self.proofs if proof.backend == backend]))
        for backend, why in self.not_tried.items():
            lines.append(f"{backend}: not tried. {why}")
        outcome = "All holds" if self.passed else "Not proved"
        lines.append(f"{outcome}: {_many(len(self.faults), 'fault')}, {self.seconds:.1f} s.")
        return "\n".join(lines)

    def _summary(self, backend: str, proofs: Sequence[LessonProof]) -> str:
        tried = [proof for proof in proofs if not proof.skipped]
        counts = ", ".join(
            _many(sum(proof.counted.get(name, 0) for proof in tried), thing) for name, thing in _COUNTED.items()
        )
        left = [f"{proof.lesson} ({proof.skipped})" for proof in proofs if proof.skipped]
        said = f" Not here: {', '.join(left)}." if left else ""
        return f"{backend}: {_many(len(tried), 'lesson')}, {counts}.{said}"


def _many(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
