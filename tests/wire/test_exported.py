"""The public names of the two lowest rooms that everybody uses; a change here is a change for all who import them."""

from __future__ import annotations

from types import ModuleType

import pytest

import tutor.backends
import tutor.wire

WIRE = """Array BigNumber Boolean Bulk CommandParser Double Error Integer Limits Map Nil Push Reply ReplyParser Set
Status Verbatim encode encode_reply is_report plain quote raw split terminal to_json"""
BACKENDS = "CAPABILITIES Address Answer Backend Clock Connection Message open_backend"


@pytest.mark.parametrize(("module", "names"), [(tutor.wire, WIRE), (tutor.backends, BACKENDS)])
def test_the_public_names(module: ModuleType, names: str) -> None:
    assert list(module.__all__) == names.split()
    assert all(hasattr(module, name) for name in module.__all__)
