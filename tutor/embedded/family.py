"""All command families in one class: fakeredis's, and before them what Redis does otherwise."""

from __future__ import annotations

from tutor.embedded.commands.acl import Acl
from tutor.embedded.commands.connection import Connection
from tutor.embedded.commands.generic import Generic
from tutor.embedded.commands.hash import Hashes
from tutor.embedded.commands.list import Lists
from tutor.embedded.commands.pubsub import PubSub
from tutor.embedded.commands.scripting import Scripting
from tutor.embedded.commands.server import Server
from tutor.embedded.commands.set import Sets
from tutor.embedded.commands.sortedset import SortedSets
from tutor.embedded.commands.stream import Streams
from tutor.embedded.commands.string import Strings
from tutor.embedded.commands.transactions import Transactions
from tutor.embedded.commands.words import teach
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


class Families(  # type: ignore[misc]
    Acl,
    Connection,
    Generic,
    Hashes,
    Lists,
    PubSub,
    Scripting,
    Server,
    Sets,
    SortedSets,
    Streams,
    Strings,
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


teach()
