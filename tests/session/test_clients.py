"""Two clients of one server: nothing waits that need not, nothing is lost, nothing hangs."""

from __future__ import annotations

import time

import pytest

from tutor.backends import Backend
from tutor.catalog import Catalog
from tutor.checkers import Call
from tutor.errors import UsageError
from tutor.session import Desk
from tutor.wire import Array, Bulk, Error, Integer, Reply, Status


def message(channel: bytes, text: bytes) -> Reply:
    return Array((Bulk(b"message"), Bulk(channel), Bulk(text)))


def test_a_command_is_answered(desk: Desk) -> None:
    call = desk.clients.submit("A", [b"SET", b"k", b"v"])
    assert desk.clients.wait(call, 5) == Status(b"OK")
    assert call.reply == Status(b"OK")
    assert desk.clients.poll() == [], "the answer was waited for, and is not told a second time"


def test_poll_tells_every_answer_once(desk: Desk) -> None:
    call = desk.clients.submit("A", [b"INCR", b"k"])
    events = desk.clients.poll(5)
    assert [(event.client, event.call, event.reply) for event in events] == [("A", call, Integer(1))]
    assert desk.clients.poll() == []


def test_a_blocked_client_is_known_without_waiting_long(desk: Desk) -> None:
    blocked = desk.clients.submit("B", [b"BRPOP", b"q", b"0"])
    began = time.monotonic()
    assert desk.clients.wait(blocked, 30) is None
    assert time.monotonic() - began < 5, "the server is asked, the time is not sat out"
    push = desk.clients.submit("A", [b"LPUSH", b"q", b"x"])
    assert desk.clients.wait(push, 5) == Integer(1)
    assert desk.clients.wait(blocked, 5) == Array((Bulk(b"q"), Bulk(b"x")))
    assert blocked.number < push.number < (blocked.answered or 0)


def test_what_may_block_and_does_not_is_answered(desk: Desk) -> None:
    desk.run("LPUSH q x")
    call = desk.clients.submit("B", [b"BRPOP", b"q", b"0"])
    assert desk.clients.wait(call, 5) == Array((Bulk(b"q"), Bulk(b"x")))


def test_a_command_behind_a_blocked_one_waits_too(desk: Desk) -> None:
    first, second = desk.run("B> BRPOP q 0\nB> PING")
    assert (first.reply, second.reply) == (None, None)
    desk.run("LPUSH q x")
    assert desk.clients.wait(second, 5) == Status(b"PONG")


def test_messages_arrive_between_answers(desk: Desk) -> None:
    desk.run("B> SUBSCRIBE news\nPUBLISH news one\nPUBLISH news two")
    desk.backend.observe().call("PING")
    told = [event.reply for event in desk.clients.poll() if event.client == "B" and event.call is None]
    assert told == [message(b"news", b"one"), message(b"news", b"two")]


def test_the_transcript_has_everything_in_order(desk: Desk) -> None:
    desk.run("SET k 1\nB> GET k")
    shape = [(entry.client, "sent" if isinstance(entry, Call) else entry.reply) for entry in desk.clients.transcript]
    assert shape == [("A", "sent"), ("A", Status(b"OK")), ("B", "sent"), ("B", Bulk(b"1"))]


def test_a_client_that_was_cut_off_is_told_and_connected_again(desk: Desk) -> None:
    desk.run("B> BRPOP q 0")
    blocked = desk.clients.transcript.calls[-1]
    number = desk.run("A> CLIENT LIST")[0].reply
    assert isinstance(number, Bulk)
    ids = [
        dict(pair.split(b"=", 1) for pair in line.split())[b"id"]
        for line in number.data.splitlines()
        if b"cmd=brpop" in line
    ]
    desk.run(f"CLIENT KILL ID {ids[0].decode()}")
    events = desk.clients.poll(5)
    assert [(event.client, event.call, event.reply) for event in events] == [("B", blocked, None)]
    assert events[0].lost == ("the answer to BRPOP q 0",)
    assert blocked.lost
    assert desk.run("B> PING")[0].reply == Status(b"PONG")


def test_a_script_without_end_is_cut_off(backend: Backend, catalog: Catalog) -> None:
    desk = Desk(backend, catalog, limit=0.5)
    try:
        desk.run("SET before 1")
        call = desk.send("A", (b"EVAL", b"while true do end", b"0"))
        assert desk.clients.wait(call, 15) is None or isinstance(call.reply, Error)
        assert desk.run("GET before")[0].reply == Bulk(b"1")
    finally:
        desk.close()


def test_a_server_that_was_told_not_to_answer_is_not_waited_for(desk: Desk) -> None:
    began = time.monotonic()
    calls = desk.run("CLIENT REPLY OFF")
    assert time.monotonic() - began < 4
    assert calls[0].reply is None


def test_what_is_never_answered_ends_an_answer(backend: Backend, catalog: Catalog) -> None:
    desk = Desk(backend, catalog, limit=0.3)
    try:
        with pytest.raises(UsageError, match=r"your answer:2: SET k v was not answered within 0\.3 s"):
            desk.run("CLIENT REPLY OFF\nSET k v\nSET k w")
    finally:
        desk.close()


@pytest.mark.parametrize("left", ["SELECT 3", "MULTI", "SUBSCRIBE news", "BRPOP q 0", "WATCH k"])
def test_an_exercise_begins_with_clients_as_good_as_new(left: str, desk: Desk) -> None:
    desk.run(left)
    desk.clients.renew()
    calls = desk.run("SET k v\nGET k")
    assert [call.reply for call in calls] == [Status(b"OK"), Bulk(b"v")]
    assert desk.backend.observe().call("GET", "k") == Bulk(b"v"), "in the exercise's own database"
