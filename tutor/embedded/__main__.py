"""`python -m tutor.embedded`: see `--help`."""

from __future__ import annotations

import os
import sys

from tutor.embedded.options import parse
from tutor.embedded.supervisor import Supervisor


def main() -> None:
    """Serve until told to stop."""
    options = parse(sys.argv[1:])
    Supervisor(options).serve()
    os._exit(0)  # nothing is left to tidy up, and interpreters take their time


main()
