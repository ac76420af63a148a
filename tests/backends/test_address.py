"""URLs of servers."""

from __future__ import annotations

import pytest

from tutor.backends import Address, open_backend
from tutor.errors import MissingCapability, Unreachable, UsageError

URLS = [
    ("redis://localhost", Address(host="localhost")),
    ("redis://10.0.0.1:7000/3", Address(host="10.0.0.1", port=7000, database=3)),
    ("rediss://ann:p%40ss@h:1", Address(host="h", port=1, tls=True, username="ann", password="p@ss")),
    ("redis://:secret@h", Address(host="h", password="secret")),
    ("redis://[::1]:6380/0", Address(host="::1", port=6380, database=0)),
    ("unix:///run/redis.sock?db=2", Address(path="/run/redis.sock", database=2)),
    ("unix:///run/redis.sock?db=0", Address(path="/run/redis.sock", database=0)),
    ("redis://h?db=4", Address(host="h", database=4)),
]


@pytest.mark.parametrize(("url", "address"), URLS)
def test_a_url_is_an_address_and_back(url: str, address: Address) -> None:
    assert Address.parse(url) == address
    assert Address.parse(address.url) == address


WRONG = [
    ("http://h", "not the URL of a Redis server"),
    ("redis://h:99999", "port"),
    ("redis://h/first", "databases are numbers"),
    ("unix://", "names no socket"),
    ("localhost:6379", "is not"),
]


@pytest.mark.parametrize(("url", "says"), WRONG)
def test_a_wrong_url_is_told_with_examples(url: str, says: str) -> None:
    with pytest.raises(UsageError, match=says) as fault:
        Address.parse(url)
    assert "redis://HOST:PORT/DB" in str(fault.value)


def test_a_password_is_never_shown() -> None:
    assert "secret" not in str(Address.parse("redis://ann:secret@h:1/2"))
    assert "secret" in Address.parse("redis://ann:secret@h:1/2").url


def test_nobody_there_is_a_sentence() -> None:
    with pytest.raises(Unreachable, match=r"No Redis server answers at unix:///nowhere\.sock"):
        Address(path="/nowhere.sock").open(1)


def test_unknown_backends_and_needs() -> None:
    with pytest.raises(UsageError, match="is not a backend"):
        open_backend("redis")
    with pytest.raises(MissingCapability, match="time series"):
        open_backend("auto", ["timeseries"])
    assert open_backend("auto", ["lua", "clock"]).name == "embedded"
