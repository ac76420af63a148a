"""Every field that a lesson file may have: literal tables, read by the loader and turned into the JSON Schema."""

from __future__ import annotations

from tutor.lesson.shapes import Choices, Either, Field, Flag, ListOf, MappingOf, Numeral, Record, Shape, Text, Told

__all__ = ["CHECK_GROUPS", "COURSE", "FRONT_MATTER", "KINDS"]

ID = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
NAME = r"[a-z][a-z0-9_]*"

_WORDS = Text(means="words")
_TEXT = Text()
_VALUE = Text(empty=True)
_TEXTS = ListOf(_TEXT)
_ID = Text(ID, "an id of small letters, digits and single hyphens")
_COMMAND = Text(
    r"[A-Za-z][A-Za-z0-9.]*(?: [A-Za-z][A-Za-z0-9-]*)?", "the name of a command, such as SET or OBJECT ENCODING"
)
_CALL = Text(r"[A-Z] [A-Za-z][A-Za-z0-9.]*(?: [A-Za-z][A-Za-z0-9-]*)?", "a client and a command, such as B BRPOP")
_LINES = Either(scalar=_TEXT, items=_TEXTS)
_SPAN = Record("a range", {"min": Field(Numeral(), "The least."), "max": Field(Numeral(), "The most.")})
_CONTENTS = Either(
    scalar=_VALUE, items=ListOf(Either(scalar=_VALUE, fields=MappingOf(_VALUE))), fields=MappingOf(_VALUE)
)

FRONT_MATTER = Record(
    "the front matter",
    {
        "id": Field(_ID, "The lesson's id, which is its folder's name.", required=True),
        "title": Field(_WORDS, "What the lesson is called.", required=True),
        "track": Field(_ID, "The id of its track in course.yaml.", required=True),
        "minutes": Field(Numeral(1, 120, seeded=False), "How long it takes, in minutes.", required=True),
        "needs": Field(ListOf(_ID), "Capabilities of the backend: lua, json, search, clock, …"),
        "teaches": Field(ListOf(_COMMAND, 1), "The commands that it teaches.", required=True),
        "after": Field(ListOf(_ID), "Ids of lessons that come before."),
        "docs": Field(Text(r"https://\S+", "an address that begins with https://"), "A page for further reading."),
    },
)

TRACK = Record(
    "a track",
    {
        "id": Field(_ID, "The track's id, which is its folder's name.", required=True),
        "title": Field(_WORDS, "What the track is called.", required=True),
        "about": Field(_WORDS, "One or two sentences on what it teaches."),
        "lessons": Field(ListOf(_ID), "The ids of its lessons, in order.", required=True),
    },
)

COURSE = Record(
    "the course",
    {
        "format_version": Field(Choices(("1",)), "The version of this format: 1.", required=True),
        "title": Field(_WORDS, "What the course is called.", required=True),
        "tracks": Field(ListOf(TRACK, 1), "Its tracks, in order.", required=True),
    },
)

_CHECK_COMMON = {
    "id": Field(_ID, "The check's id, unique in its exercise; wrong answers name it.", required=True),
    "otherwise": Field(
        _WORDS, "What to say when it does not hold; ${expected}, ${actual}, ${key}, ${commands}.", required=True
    ),
}

_KEY_FIELDS = {
    "key": Field(_TEXT, "The key's name.", required=True),
    "exists": Field(Flag(), "Whether the key must be there."),
    "type": Field(Choices(("string", "list", "set", "zset", "hash", "stream")), "The type of its value."),
    "equals": Field(_CONTENTS, "All that it holds: a text, a list, or a mapping."),
    "contains": Field(_CONTENTS, "Elements, members or pairs that must be there."),
    "lacks": Field(_CONTENTS, "Elements, members or fields that must not be there."),
    "length": Field(Either(scalar=Numeral(), fields=_SPAN), "How many elements: a number, or {min, max}."),
    "ttl": Field(
        Either(scalar=Choices(("none", "any")), fields=_SPAN),
        "Seconds left, {min, max}; none: it stays; any: some expiry.",
    ),
}

_KEYSPACE = Record(
    "keyspace",
    {
        "only": Field(_TEXTS, "Exactly these keys are there."),
        "none": Field(_TEXTS, "No key matches any of these patterns."),
        "some": Field(_TEXTS, "For each of these patterns there is a key."),
    },
)

_REPLY = Record(
    "reply",
    {
        "of": Field(
            Text(_COMMAND.pattern, "last, or the name of a command"),
            "last (the default), or a command: its last reply.",
        ),
        "equals": Field(_TEXT, "The reply as redis-cli prints it; <any>, <unordered>."),
        "one_of": Field(ListOf(_TEXT, 1), "Several replies that are right."),
        "type": Field(Choices(("integer", "bulk", "status", "nil", "array", "error")), "What kind of reply it is."),
    },
)

_TRACE = Record(
    "trace",
    {
        "uses": Field(ListOf(_COMMAND, 1), "All of these commands were sent."),
        "uses_one_of": Field(ListOf(_COMMAND, 1), "At least one of these was sent."),
        "avoids": Field(ListOf(_COMMAND, 1), "None of these was sent."),
        "options": Field(
            MappingOf(ListOf(Text(r"[A-Za-z][A-Za-z0-9]*", "an option such as NX"), 1)),
            "For each command: one call of it has all of these options.",
        ),
        "calls": Field(ListOf(_TEXT, 1), "Each of these lines was sent; <any> for one word, <rest> for more."),
        "calls_one_of": Field(ListOf(_TEXT, 1), "At least one of these lines was sent."),
        "at_most": Field(Numeral(1), "No more commands than this."),
        "clients": Field(Numeral(1), "At least so many clients spoke."),
    },
)

_TIMELINE = Record(
    "timeline",
    {
        "order": Field(ListOf(_CALL, 2), "These calls were sent in this order; the first client is A."),
        "waited": Field(_CALL, "This call was blocked until another client acted."),
        "received": Field(
            Record(
                "received",
                {
                    "client": Field(Text(r"[A-Z]", "a client, A or B"), "Who received it.", required=True),
                    "equals": Field(_TEXT, "What reached the client, as redis-cli prints it.", required=True),
                },
            ),
            "This reached the client.",
        ),
    },
)

CHECK_GROUPS: dict[str, tuple[str, Record]] = {
    # The field that tells the group: the checker's name, and the fields of such a check.
    "key": ("state", Record("a check of a key", {**_CHECK_COMMON, **_KEY_FIELDS})),
    "keyspace": (
        "keyspace",
        Record("a check", {**_CHECK_COMMON, "keyspace": Field(_KEYSPACE, "The whole database.", required=True)}),
    ),
    "reply": ("reply", Record("a check", {**_CHECK_COMMON, "reply": Field(_REPLY, "A reply.", required=True)})),
    "trace": ("trace", Record("a check", {**_CHECK_COMMON, "trace": Field(_TRACE, "What was sent.", required=True)})),
    "timeline": (
        "timeline",
        Record("a check", {**_CHECK_COMMON, "timeline": Field(_TIMELINE, "Who did what when.", required=True)}),
    ),
}


_CHECKS = Field(
    ListOf(Told("a check", CHECK_GROUPS), 1),
    "What must hold, in order; the first that fails gives the message.",
    required=True,
)
_SETUP = Field(_TEXTS, "Command lines that run before the learner begins, on an empty database.")
_WHY = Field(_WORDS, "What to say about this answer.")

_COMMON = {
    "id": Field(
        Text(rf"{ID}\.{ID}", "an id such as strings.count-visits"), "<lesson>.<name>, never changed.", required=True
    ),
    "kind": Field(
        Choices(("state", "reply", "predict", "order", "choice", "timeline")), "How the learner answers.", required=True
    ),
    "points": Field(Numeral(1, 100, seeded=False), "What a right answer is worth.", required=True),
    "hints": Field(ListOf(_WORDS, 2), "Two or more, from a nudge to nearly there.", required=True),
    "why": Field(_WORDS, "Said after a right answer, when there is something to add."),
    "seeded": Field(
        MappingOf(
            Either(
                items=ListOf(_VALUE, 2),
                fields=Record(
                    "a range",
                    {
                        "from": Field(Numeral(seeded=False), "The least.", required=True),
                        "to": Field(Numeral(seeded=False), "The most.", required=True),
                    },
                ),
            ),
            NAME,
        ),
        "Names with values that are drawn: [choices], or {from: 2, to: 30}.",
    ),
    "derived": Field(MappingOf(_TEXT, NAME), "Names with values that are calculated from others."),
}


def _wrong(answer: Shape, checked: bool) -> Field:
    """The list of wrong answers, whose shape depends on the kind."""
    fields = {"answer": Field(answer, "What people really answer.", required=True)}
    if checked:
        fields["fails"] = Field(_ID, "The id of the check that it fails at first.", required=True)
    fields["why"] = Field(_WORDS, "What this answer would really do, and what to look at next.", required=not checked)
    return Field(
        ListOf(Record("a wrong answer", fields), 2), "Two or more answers that people really give.", required=True
    )


_LETTERS = ListOf(Text(r"[a-z]", "a letter"))
_TASK = {
    **_COMMON,
    "setup": _SETUP,
    "checks": _CHECKS,
    "solutions": Field(
        ListOf(_LINES, 1), "Every way that is accepted on purpose; several lines are several commands.", required=True
    ),
    "wrong": _wrong(_LINES, checked=True),
}

KINDS: dict[str, Record] = {
    "state": Record("a state exercise", _TASK),
    "reply": Record("a reply exercise", _TASK),
    "timeline": Record("a timeline exercise", _TASK),
    "predict": Record(
        "a predict exercise",
        {
            **_COMMON,
            "setup": _SETUP,
            "command": Field(_TEXT, "The command whose reply is asked for.", required=True),
            "answer": Field(_TEXT, "Its reply, as redis-cli prints it.", required=True),
            "accept": Field(_TEXTS, "Other right answers."),
            "wrong": _wrong(_TEXT, checked=False),
        },
    ),
    "order": Record(
        "an order exercise",
        {
            **_COMMON,
            "setup": _SETUP,
            "checks": _CHECKS,
            "solutions": Field(ListOf(_LETTERS, 1), "Every right order, as lists of letters.", required=True),
            "wrong": _wrong(_LETTERS, checked=True),
        },
    ),
    "choice": Record(
        "a choice exercise",
        {
            **_COMMON,
            "options": Field(
                MappingOf(
                    Record(
                        "an option",
                        {
                            "right": Field(Flag(), "True for the right one."),
                            "why": Field(_WORDS, "Why it is right, or what it would really do.", required=True),
                        },
                    ),
                    r"[a-z]",
                ),
                "The letters, each with its why.",
                required=True,
            ),
        },
    ),
}
