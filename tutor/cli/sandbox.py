"""`redis-tutor sandbox`: the embedded server alone, for redis-cli, a program, or a class."""

from __future__ import annotations

import argparse

from tutor.backends.embedded import serve

__all__ = ["sandbox"]


def sandbox(options: argparse.Namespace) -> int:
    """Serve until Ctrl-C; nothing is kept afterwards."""
    port = options.port if options.port is not None or options.unixsocket else 6380
    return serve(
        port=port,
        unixsocket=options.unixsocket,
        bind=options.bind,
        password=options.password,
        limit_seconds=options.limit_seconds,
        memory=options.memory,
        on_ready=lambda address: print(
            f"The embedded server listens at {address}.\n"
            f"Nothing of it is kept: all is gone when it ends. Press Ctrl-C to end it.",
            flush=True,
        ),
    )
