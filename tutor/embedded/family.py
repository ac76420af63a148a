"""All command families in one class: fakeredis's, and before them what Redis does otherwise."""

from __future__ import annotations

from tutor.embedded.commands.connection import Connection
from tutor.embedded.commands.generic import Generic
from tutor.embedded.commands.scripting import Scripting
from tutor.embedded.commands.server import Server
from tutor.embedded.commands.stream import Streams
from tutor.embedded.commands.transactions import Transactions
from tutor.embedded.fake import (
    AclCommandsMixin,
    BitmapCommandsMixin,
    ConnectionCommandsMixin,
    GenericCommandsMixin,
    GeoCommandsMixin,
    HashCommandsMixin,
    ListCommandsMixin,
    PubSubCommandsMixin,
    ServerCommandsMixin,
    SetCommandsMixin,
    SortedSetCommandsMixin,
    StreamsCommandsMixin,
    StringCommandsMixin,
    TransactionsCommandsMixin,
)

__all__ = ["Families"]


class Families(
    Connection,
    Generic,
    Scripting,
    Server,
    Streams,
    Transactions,
    AclCommandsMixin,
    BitmapCommandsMixin,
    ConnectionCommandsMixin,
    GenericCommandsMixin,
    GeoCommandsMixin,
    HashCommandsMixin,
    ListCommandsMixin,
    PubSubCommandsMixin,
    ServerCommandsMixin,
    SetCommandsMixin,
    SortedSetCommandsMixin,
    StreamsCommandsMixin,
    StringCommandsMixin,
    TransactionsCommandsMixin,
):
    """Every command, by the name of its method."""
