"""One exercise at work on one backend: begun from its setup, answered, judged. Knows no lesson and no progress."""

from __future__ import annotations

from collections.abc import Iterable

from tutor.backends import Backend
from tutor.catalog import Catalog
from tutor.checkers import Attempt, Call, Verdict, judge_choice, judge_predict, judge_work, read_order, read_snapshot
from tutor.errors import BackendError, CourseError, UsageError
from tutor.lesson import FIRST_CLIENT, Instance, Ordering, Prediction, Step, Task, Typed, parse_lines
from tutor.session.clients import Clients
from tutor.session.lookalike import find_lookalike
from tutor.wire import Error

__all__ = ["Desk"]

# No command of a lesson needs longer; a script without an end is cut off after it, in seconds.
_LIMIT = 5.0
# How long to wait for what should not come.
_MUTE = 0.05


class Desk:
    """A learner's clients and the exercise that they work at."""

    def __init__(self, backend: Backend, catalog: Catalog, *, limit: float = _LIMIT) -> None:
        self.backend = backend
        self.catalog = catalog
        self.clients = Clients(backend, catalog)
        self._limit = limit

    def begin(self, instance: Instance) -> None:
        """Empty the database and run the setup. Raises `CourseError` when a line of the setup fails."""
        self.backend.clean()
        self.clients.renew()
        exercise = instance.exercise
        lines = [line for text in exercise.setup for line in parse_lines(text, exercise.where, 0)]
        where = exercise.at("setup")
        for client in dict.fromkeys(line.client for line in lines):
            self._set_up(where, client, [line for line in lines if line.client == client])
        self.clients.transcript.mark()

    def _set_up(self, where: str, client: str, lines: list[Typed]) -> None:
        connection = self.clients.connection(client)
        for line in lines:
            self.backend.note(connection, line.argv)
        # One round trip for all of them.
        for line, reply in zip(
            lines, connection.call_many([line.argv for line in lines], timeout=self._limit), strict=True
        ):
            if isinstance(reply, Error):
                said = reply.text.decode("utf-8", "replace")
                raise CourseError(where, f"the setup line {line.text!r} fails: {said}")

    def run(self, text: str) -> list[Call]:
        """Send command lines one by one, each when the one before is answered or blocked.

        Raises `UsageError` for a line that cannot be read, or that the server leaves unanswered.
        """
        try:
            lines = parse_lines(text, "your answer", 1)
        except CourseError as error:
            raise UsageError(str(error)) from None
        calls = []
        for line in lines:
            calls.append(self.send(line.client, line.argv))
            if calls[-1].reply is None and not calls[-1].lost and not self._may_wait(calls[-1]):
                raise UsageError(
                    f"your answer:{line.line}: {line.text[:80]} was not answered within {self._limit:g} s."
                )
        return calls

    def send(self, client: str, argv: tuple[bytes, ...]) -> Call:
        """Send one command and wait until it is answered or blocked; one that hangs is cut off."""
        call = self.clients.submit(client, argv)
        patience = _MUTE if self._is_mute(call) else self._limit
        if self.clients.wait(call, patience) is None and not call.lost and not self._may_wait(call):
            self.backend.interrupt()
            self.clients.wait(call, self._limit, through_block=True)
        return call

    def _may_wait(self, call: Call) -> bool:
        """Whether it is right that there is no answer: the client is blocked, by this or an earlier call, or mute."""
        if self._is_mute(call):
            return True
        calls = [each for each in self.clients.transcript.calls if each.client == call.client and each.reply is None]
        return any(self.clients.may_block(each) for each in calls)

    def _is_mute(self, call: Call) -> bool:
        """CLIENT REPLY OFF and SKIP are the two commands that Redis never answers."""
        words = [word.upper() for word in call.argv]
        return words[:2] == [b"CLIENT", b"REPLY"] and words[2:] in ([b"OFF"], [b"SKIP"])

    def judge(self, instance: Instance, answer: str | None = None) -> Verdict:
        """The verdict on what was sent since the exercise began, after sending the answer if there is one.

        A prediction, a choice and an order need the answer. Raises `UsageError` when it is missing or unreadable.
        """
        exercise = instance.exercise
        if isinstance(exercise, Task):
            if answer is not None:
                self.run(answer)
            attempt = self._attempt(exercise)
            return judge_work(
                instance,
                attempt,
                lookalike=lambda wrong: find_lookalike(self.backend, self.catalog, exercise, wrong, attempt.snapshot),
            )
        if answer is None or not answer.strip():
            raise UsageError(_ASKS[exercise.kind])
        if isinstance(exercise, Ordering):
            return self._judge_order(instance, exercise, answer)
        return judge_predict(instance, answer) if isinstance(exercise, Prediction) else judge_choice(instance, answer)

    def _judge_order(self, instance: Instance, exercise: Ordering, answer: str) -> Verdict:
        letters = read_order(answer, exercise.items)
        commands = {item.letter: item.command or "" for item in exercise.items}
        self.begin(instance)
        for letter in letters:
            self.run(commands[letter])
        return judge_work(instance, self._attempt(exercise), letters)

    def _attempt(self, exercise: Task | Ordering) -> Attempt:
        snapshot = read_snapshot(self.backend.observe(), exercise.checks, self._limit)
        # The observer was answered after the learner's last command: what that one set off has been sent by now.
        self.clients.collect()
        calls, events = self.clients.transcript.attempt()
        return Attempt(calls, events, snapshot, self.catalog)

    def predict(self, instance: Instance) -> Call:
        """Run the command whose reply is asked for, after the setup."""
        exercise = instance.exercise
        assert isinstance(exercise, Prediction)
        self.begin(instance)
        line = parse_lines(exercise.command, exercise.where, 0)[0]
        call = self.send(line.client or FIRST_CLIENT, line.argv)
        if call.reply is None:
            raise BackendError(f"{exercise.command} was not answered.")
        return call

    def rehearse(self, steps: Iterable[Step]) -> None:
        """Empty the database and play these steps of a lesson's transcripts, by clients that nobody sees.

        So what a learner types along with the next transcript answers what stands there.
        """
        self.backend.clean()
        self.clients.renew()
        self.clients.transcript.mark()
        extras = Desk(self.backend, self.catalog, limit=self._limit)
        try:
            for step in steps:
                if isinstance(step, Typed):
                    extras.send(step.client, step.argv)
        finally:
            extras.close()

    def close(self) -> None:
        """End the clients' connections."""
        self.clients.close()


_ASKS = {
    "predict": "Say what the command will answer: check (integer) 1.",
    "choice": "Say which one: check b.",
    "order": "Say the letters in their order: check c a b.",
}
