"""The same commands on the embedded server and on a real one give the same bytes."""

from __future__ import annotations

import pytest

from tests.embedded.cases import Block, blocks, run
from tests.embedded.conftest import Embedded, Raw


@pytest.mark.parametrize("protocol", [2, 3])
@pytest.mark.parametrize("block", blocks(), ids=lambda block: block.name)
def test_same_replies(server: Embedded, real: str, block: Block, protocol: int) -> None:
    """Every line of the block, in RESP2 and RESP3."""
    reference = Raw(real)
    try:
        ours, theirs = run(server.client(), block, protocol), run(reference, block, protocol)
        reference.ask("RESET")
    finally:
        reference.close()
    assert ours == theirs
