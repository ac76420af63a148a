"""`python -m tutor.cli`, the same as `redis-tutor`."""

import sys

from tutor.cli import main

sys.exit(main())
