"""Every error that we raise.

A Redis error reply is a value (`tutor.wire.Error`), never an exception: an exception here means that our own
work could not go on. Each message says what was wrong, where, and what to type next.

```
TutorError                       exit code
├── UsageError                   2   the command line, or a tutor command in the shell, was not understood
│   └── QuotingError             2   a line of Redis words with an unbalanced quote; knows the position
├── CourseError                  3   a lesson file is broken: file:line, what is wrong, what to write
├── BackendError                 4   the server cannot do this
│   ├── ConnectionLost           4   it was there and is gone
│   ├── Unreachable              4   nobody answers at this address
│   ├── GuestRefusal             5   the guest rules forbid this on a live server
│   └── MissingCapability        6   this backend does not offer what the lesson needs
├── ProtocolError                4   bytes that are not RESP
└── ProgressError                7   the progress file cannot be read or written
```
"""

from __future__ import annotations

__all__ = [
    "BackendError",
    "ConnectionLost",
    "CourseError",
    "GuestRefusal",
    "MissingCapability",
    "ProgressError",
    "ProtocolError",
    "QuotingError",
    "TutorError",
    "Unreachable",
    "UsageError",
]


class TutorError(Exception):
    """The root: its text is fit to be shown to a learner as it stands."""

    exit_code = 1


class UsageError(TutorError):
    """The words typed are not a command of the tutor, or lack something."""

    exit_code = 2


class QuotingError(UsageError):
    """A line whose quotes do not balance; `position` is the byte offset of the fault in the line."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.position = position


class CourseError(TutorError):
    """A broken lesson file. `where` is `file:line`."""

    exit_code = 3

    def __init__(self, where: str, message: str) -> None:
        super().__init__(f"{where}: {message}")
        self.where = where


class BackendError(TutorError):
    """The server that answers the commands could not be started, or refused."""

    exit_code = 4


class ConnectionLost(BackendError):
    """The connection ended while it was in use."""


class Unreachable(BackendError):
    """Nothing answers at the address."""


class GuestRefusal(BackendError):
    """A live server belongs to somebody: what was asked is not done to a guest's host."""

    exit_code = 5


class MissingCapability(BackendError):
    """The lesson needs something that this backend does not offer."""

    exit_code = 6


class ProtocolError(TutorError):
    """The bytes that arrived are not RESP."""

    exit_code = 4


class ProgressError(TutorError):
    """The file that keeps a learner's progress cannot be used."""

    exit_code = 7
