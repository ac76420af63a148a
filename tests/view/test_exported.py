"""The names that others use, each found in the file that it is said to be in."""

from __future__ import annotations

from types import ModuleType

import pytest

import tutor.explain
import tutor.view


@pytest.mark.parametrize("module", [tutor.view, tutor.explain], ids=lambda module: module.__name__)
def test_every_exported_name_is_there_and_no_other(module: ModuleType) -> None:
    assert module.__all__ == sorted(module.__all__, key=lambda name: (not name.isupper(), name.islower(), name))
    for name in module.__all__:
        assert getattr(module, name) is not None
    with pytest.raises(AttributeError, match="no attribute"):
        module.nothing_of_this_name  # noqa: B018
