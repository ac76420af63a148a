"""`make bench`: print every number that we promise, measured now, on this machine."""

from __future__ import annotations

import argparse
import sys

from benchmarks import inside, programs
from benchmarks.measure import Limit
from benchmarks.peers import find_peers, running_server


def main() -> int:
    """Run the cases; 1 when a promise was missed in this run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--runs", type=int, default=11, help="rounds of each case (11)")
    runs = parser.parse_args().runs
    peers = find_peers()
    limits: list[Limit] = []
    with running_server() as port:
        limits += programs.prompt(peers, port, runs)
        limits += programs.one_shot(peers, port, runs)
        limits += programs.pipe(peers, port, runs)
    limits += inside.completion(peers)
    limits += inside.checked()
    print("\nPromises")
    for limit in limits:
        print(limit)
    return 0 if all(limit.met for limit in limits) else 1


sys.exit(main())
