"""Commands that ask first on a server that is not ours: what each would do there.

A command of a container is named with its subcommand (`CONFIG SET`). The sentence completes "Are you sure?".
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["RISKS", "risk_of"]

RISKS: dict[str, str] = {
    "ACL DELUSER": "it deletes users of this server, and cuts their connections",
    "ACL LOAD": "it replaces all users by those of the server's file",
    "ACL SAVE": "it overwrites the server's file of users",
    "ACL SETUSER": "it changes who may do what on this server",
    "BGREWRITEAOF": "it makes the server rewrite its append-only file",
    "BGSAVE": "it makes the server write all its data to disk",
    "CLIENT KILL": "it cuts connections that other programs use",
    "CLIENT NO-EVICT": "it changes how the server treats this connection when memory is short",
    "CLIENT PAUSE": "it stops every other client of this server",
    "CLUSTER ADDSLOTS": "it changes the layout of the cluster",
    "CLUSTER ADDSLOTSRANGE": "it changes the layout of the cluster",
    "CLUSTER BUMPEPOCH": "it changes the configuration of the cluster",
    "CLUSTER DELSLOTS": "it changes the layout of the cluster",
    "CLUSTER DELSLOTSRANGE": "it changes the layout of the cluster",
    "CLUSTER FAILOVER": "it makes another node the primary",
    "CLUSTER FLUSHSLOTS": "it takes all slots from this node",
    "CLUSTER FORGET": "it removes a node from the cluster",
    "CLUSTER MEET": "it joins another node to the cluster",
    "CLUSTER REPLICATE": "it turns this node into a replica",
    "CLUSTER RESET": "it takes this node out of its cluster",
    "CLUSTER SET-CONFIG-EPOCH": "it changes the configuration of the cluster",
    "CLUSTER SETSLOT": "it changes the layout of the cluster",
    "CONFIG REWRITE": "it overwrites the server's configuration file",
    "CONFIG RESETSTAT": "it sets the server's counters to zero, and monitoring reads them",
    "CONFIG SET": "it changes how the server works, for everybody",
    "DEBUG": "it is made for the server's developers, and can stop or crash it",
    "FAILOVER": "it makes a replica the primary",
    "FLUSHALL": "it removes every key of every database",
    "FLUSHDB": "it removes every key of this database",
    "FT.DROPINDEX": "it deletes an index that programs may search",
    "FUNCTION DELETE": "it deletes a library that programs may call",
    "FUNCTION FLUSH": "it deletes all libraries of functions",
    "FUNCTION RESTORE": "it changes the libraries of functions",
    "KEYS": "it looks at every key while all other clients wait; SCAN does the same in small steps",
    "LATENCY RESET": "it forgets the latency events that were recorded",
    "MIGRATE": "it moves keys to another server",
    "MODULE LOAD": "it loads a program into the server",
    "MODULE LOADEX": "it loads a program into the server",
    "MODULE UNLOAD": "it takes commands away from everybody",
    "MONITOR": "it shows every command of every client, and slows the server down while it runs",
    "REPLICAOF": "it makes this server drop its data and copy another's",
    "SAVE": "it stops all clients until all data is on disk",
    "SCRIPT FLUSH": "it forgets the scripts that programs call with EVALSHA",
    "SCRIPT KILL": "it ends a script that another client runs",
    "SENTINEL FAILOVER": "it makes a replica the primary",
    "SENTINEL REMOVE": "it ends the watch over a primary",
    "SENTINEL RESET": "it forgets what the Sentinel knows of primaries",
    "SENTINEL SET": "it changes how the Sentinel watches",
    "SHUTDOWN": "it stops the server for everybody",
    "SLAVEOF": "it makes this server drop its data and copy another's",
    "SLOWLOG RESET": "it forgets the slow commands that were recorded",
    "SWAPDB": "it exchanges two databases for all clients at once",
}

_CONTAINERS = frozenset(name.partition(" ")[0] for name in RISKS if " " in name)


def risk_of(argv: Sequence[bytes]) -> str | None:
    """The sentence of `RISKS` for this command, or None. Reading forms of the same commands are harmless."""
    if not argv:
        return None
    name = argv[0].decode("utf-8", "replace").upper()
    if name in _CONTAINERS and len(argv) > 1:
        name += " " + argv[1].decode("utf-8", "replace").upper()
    return RISKS.get(name)
