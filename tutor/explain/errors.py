"""What the error replies of Redis mean: a literal table, by the beginning of the error's text.

The texts are those of Redis's own sources; `{…}` parts are filled in from the command and the error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["ERRORS", "ErrorWords", "find"]


@dataclass(frozen=True, slots=True)
class ErrorWords:
    """What an error means."""

    pattern: str
    """A regular expression that the beginning of the error's text matches."""
    means: str
    """What the server says with it; `{command}` is the command's name, `{1}` the pattern's first group."""
    look: str = ""
    """What to do or look at next."""


ERRORS: tuple[ErrorWords, ...] = (
    ErrorWords(
        r"ERR wrong number of arguments",
        "The line has too many words for {command}, or too few.",
        "A value that holds spaces needs quotes around it.",
    ),
    ErrorWords(
        r"ERR value is not an integer or out of range",
        "{command} needs a whole number here: digits, and perhaps a minus before them. It must fit in 64 bits.",
        "GET shows what the key holds. A fraction such as 1.5 is no whole number; INCRBYFLOAT adds those.",
    ),
    ErrorWords(r"ERR value is not a valid float", "{command} needs a number here, such as 3 or -2.5."),
    ErrorWords(r"ERR hash value is not an integer", "The field holds a text that is not a whole number."),
    ErrorWords(
        r"ERR increment or decrement would overflow",
        "The result would not fit in a signed number of 64 bits. The value stays as it was.",
    ),
    ErrorWords(
        r"ERR invalid expire time",
        "The time to live is zero or negative, or too large to be counted. Nothing was changed.",
        "To remove a key now, use DEL.",
    ),
    ErrorWords(r"ERR no such key", "{command} needs a key that exists, and this one does not.", "EXISTS tells."),
    ErrorWords(r"ERR index out of range", "There is no element at this position.", "LLEN says how many there are."),
    ErrorWords(r"ERR DB index is out of range", "The server has no database of this number. A fresh one has 0 to 15."),
    ErrorWords(r"ERR invalid DB index", "SELECT needs the number of a database, from 0."),
    ErrorWords(
        r"ERR EXEC without MULTI",
        "EXEC runs what was queued since MULTI, and here is no MULTI.",
        "Type MULTI first, then the commands, then EXEC.",
    ),
    ErrorWords(r"ERR DISCARD without MULTI", "DISCARD throws a queue away, and there is none: MULTI opens one."),
    ErrorWords(
        r"ERR MULTI calls can not be nested",
        "A transaction is open already; there is no transaction inside a transaction.",
        "EXEC runs it, DISCARD throws it away.",
    ),
    ErrorWords(
        r"ERR WATCH inside MULTI is not allowed",
        "WATCH has to come before MULTI: it guards what you read before you decide.",
        "DISCARD, then WATCH, read, MULTI.",
    ),
    ErrorWords(
        r"ERR Can't execute '(\S+)'",
        "This client has subscribed. In the RESP2 protocol it can only listen, subscribe and unsubscribe until it has "
        "left all channels.",
        "Speak as the other client (client B), or leave with UNSUBSCRIBE. HELLO 3 lifts the limit.",
    ),
    ErrorWords(r"ERR syntax error", "An option is unknown here, lacks its value, or does not go with another one."),
    ErrorWords(r"ERR invalid cursor", "The cursor is a number: 0 to begin, then the one from the last reply."),
    ErrorWords(
        r"ERR min or max is not a float", "A bound is a number; ( before it leaves it out; -inf and +inf end it."
    ),
    ErrorWords(r"ERR min or max not valid string range", "A bound begins with [ or (, or is - or +."),
    ErrorWords(r"ERR timeout is negative", "A time to wait is 0 or more; 0 waits for ever."),
    ErrorWords(r"ERR timeout is not a float", "The last word of {command} is the time to wait, in seconds."),
    ErrorWords(r"ERR string exceeds maximum allowed size", "The string would become longer than the server allows."),
    ErrorWords(
        r"ERR The ID specified in XADD is equal or smaller",
        "IDs of a stream only grow, and the stream has a newer entry already.",
        "Write * for the ID, and the server makes the next one.",
    ),
    ErrorWords(r"ERR Invalid stream ID", "An ID is two numbers, milliseconds-sequence, such as 1700000000000-0."),
    ErrorWords(r"ERR source and destination objects are the same", "The key would be copied onto itself."),
    ErrorWords(r"ERR Error (?:running|compiling) script", "The Lua script has a fault; the error names its line."),
    ErrorWords(r"ERR unknown subcommand", "{command} has no such subcommand.", "{command} HELP lists them."),
    ErrorWords(
        r"NOSCRIPT",
        "The server does not know a script with this SHA1 sum: it was never loaded, or a restart or SCRIPT FLUSH "
        "has forgotten it.",
        "Send the text with EVAL or SCRIPT LOAD, and then EVALSHA. A program should always be ready to do so.",
    ),
    ErrorWords(
        r"EXECABORT",
        "Redis refused one of the commands while it was queued, so it has thrown the whole queue away. Nothing ran.",
        "Look at the error that came before EXEC, and start again with MULTI.",
    ),
    ErrorWords(
        r"NOGROUP",
        "The stream has no consumer group of this name, or the stream itself is not there.",
        "XGROUP CREATE key group 0 MKSTREAM makes both.",
    ),
    ErrorWords(r"BUSYGROUP", "The stream has a consumer group of this name already. Nothing was changed."),
    ErrorWords(r"BUSYKEY", "The target key exists already.", "REPLACE overwrites it."),
    ErrorWords(
        r"OOM",
        "The server has reached its maxmemory, and its policy evicts nothing that would make room. Commands that read "
        "or delete still work.",
        "CONFIG GET maxmemory-policy shows the policy.",
    ),
    ErrorWords(
        r"MOVED (\d+) (\S+)",
        "In this cluster the key belongs to slot {1}, which another node serves: {2}. The command was not run.",
        "A cluster client follows by itself; redis-cli does so with -c.",
    ),
    ErrorWords(r"ASK (\d+) (\S+)", "Slot {1} is on its way to another node: ask {2} once, with ASKING before it."),
    ErrorWords(
        r"CROSSSLOT",
        "The keys belong to different slots of the cluster, and one command can serve one slot only.",
        "A common {tag} in the names, as in {{user:7}}:cart and {{user:7}}:name, puts keys in one slot.",
    ),
    ErrorWords(r"TRYAGAIN", "The keys are being moved between two nodes at this moment.", "Try again soon."),
    ErrorWords(r"CLUSTERDOWN", "The cluster does not answer: some slots have no node."),
    ErrorWords(r"READONLY", "This server is a replica: it can be read, and only its primary can be written."),
    ErrorWords(r"NOREPLICAS", "Too few replicas are connected for a write to be accepted (min-replicas-to-write)."),
    ErrorWords(r"MASTERDOWN", "This replica has lost its primary and was told not to answer with old data."),
    ErrorWords(r"LOADING", "The server is reading its data from disk.", "Try again when it is done."),
    ErrorWords(
        r"BUSY ",
        "A script has been running for too long, and the server answers nobody else until it ends.",
        "SCRIPT KILL ends a script that has not written anything.",
    ),
    ErrorWords(r"NOTBUSY", "No script is running, so there is none to end."),
    ErrorWords(r"UNKILLABLE", "The script has written already. Ending it now would leave half of its work."),
    ErrorWords(
        r"NOAUTH", "This server wants a password before anything else.", "AUTH password, or AUTH user password."
    ),
    ErrorWords(r"WRONGPASS", "The name or the password is wrong, or the user is switched off."),
    ErrorWords(
        r"NOPERM",
        "The user that you are may not run this command, or may not touch this key or channel.",
        "ACL WHOAMI says who you are.",
    ),
    ErrorWords(r"MISCONF", "The server could not save its data to disk, and so it accepts no writes."),
    ErrorWords(r"NOPROTO", "The server speaks RESP2 and RESP3 only: HELLO 2 or HELLO 3."),
    ErrorWords(r"UNBLOCKED", "Somebody ended the waiting of this client with CLIENT UNBLOCK … ERROR."),
    ErrorWords(r"INDEXNOTFOUND|.*[Nn]o such index", "There is no search index of this name.", "FT._LIST names them."),
)


def find(text: str) -> tuple[ErrorWords, tuple[str, ...]] | None:
    """The first entry that fits the error, and what its groups caught."""
    for words in ERRORS:
        found = re.match(words.pattern, text)
        if found:
            return words, tuple(group or "" for group in found.groups())
    return None
