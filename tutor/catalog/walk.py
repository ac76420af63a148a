"""The one walk over an argument tree: completion, hints, colours, errors and explanations all come from here.

It goes once over the words and never back. Where Redis's grammar is ambiguous it decides as the server does:

- a word that is an option's token is that option, wherever options may stand and in any order among them;
- a required argument takes whatever word stands in its place (`SET NX NX` sets the key NX);
- an argument that repeats ends where an option's token stands, where its count is reached, or where only so many words
  are left as must follow it (`BLPOP key key timeout`);
- after STREAMS the first half of the words are keys, the second half their ids.
"""

from __future__ import annotations

from tutor.catalog.complaints import exclusive, miscounted, not_a_number, repeated, too_few, too_many, unexpected
from tutor.catalog.follow import NOTHING, Follow
from tutor.catalog.model import NUMERIC
from tutor.catalog.outcome import Token
from tutor.catalog.starts import starts
from tutor.catalog.values import fits, is_integer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tutor.catalog.model import Argument, Command
    from tutor.catalog.outcome import Expectation, Problem, Role

ENDLESS = 1 << 62
END = Follow((), None)


class Walker:
    """The state of one walk over one command's words."""

    __slots__ = (
        "banned", "command", "could", "could_at", "counts", "expected", "finished", "limit", "missing", "pos",
        "problem", "sliding", "taken", "tokens", "words",
    )  # fmt: skip

    def __init__(self, command: Command, words: Sequence[bytes], start: int) -> None:
        self.command = command
        self.words = words
        self.pos = start
        """The next word to read."""
        self.limit = ENDLESS
        """Where a count of words ends; never past a counted group's own end."""
        self.tokens: list[Token] = []
        self.expected: list[Expectation] = []
        self.problem: Problem | None = None
        self.missing = False
        """Whether the words ended where one more had to come."""
        self.finished = False
        """Whether to stop: the words ended, or they cannot be followed any further."""
        self.counts: dict[str, int] = {}
        """The counts read so far, by the name of their argument."""
        self.taken: dict[bytes, bytes] = {}
        """For each token of an option that was used: the word that used it."""
        self.banned: dict[bytes, bytes] = {}
        """For each token that cannot stand beside an option that was used: the word that used it."""
        self.could: list[Argument] = []
        """The options that could have stood at `could_at`, for the words of a complaint."""
        self.could_at = -1
        self.sliding: tuple[Argument, Follow] | None = None
        """A repeating argument that left the last words to what follows it; one more word moves the border."""

    def run(self) -> None:
        """Walks to the end of the words."""
        self.sequence(self.command.arguments, END)
        if self.pos < len(self.words):
            self.leftover()
        elif self.sliding and not self.finished:
            repeating, follow = self.sliding
            self.expect(repeating)
            for item in follow.items:
                if not item.optional:
                    self.expect(item)
        if self.missing and self.problem is None:
            self.problem = too_few(self.command, len(self.words), [e for e in self.expected if e.required])

    # -- where we are

    def more(self) -> bool:
        """Whether there is a word to read here."""
        return self.pos < len(self.words) and self.pos < self.limit

    def at_end(self) -> bool:
        """Whether the line ends here (and not merely a counted group)."""
        return len(self.words) <= self.pos < self.limit

    def take(self, role: Role, argument: Argument | None) -> bytes:
        """Reads one word."""
        word = self.words[self.pos]
        self.tokens.append(Token(self.pos, role, argument, word))
        self.pos += 1
        if role == "option":
            for rival in self.command.rivals.get(word.upper(), ()):
                self.banned[rival] = word
        return word

    def complain(self, problem: Problem) -> None:
        """Keeps the first problem: the others usually follow from it."""
        if self.problem is None:
            self.problem = problem

    # -- what may come

    def expect(self, argument: Argument, *, led: bool = False, required: bool = False) -> None:
        """Notes what an argument may start with; `led`: its token has been read."""
        for expectation in starts(argument, led=led, required=required):
            banned = expectation.kind == "token" and expectation.text.encode() in self.banned
            twice = any(e.text == expectation.text and e.argument is expectation.argument for e in self.expected)
            if not banned and not twice:
                self.expected.append(expectation)

    def note_options(self, items: Sequence[Argument]) -> None:
        """Remembers what could have stood here, should nobody else take this word."""
        if self.could_at != self.pos:
            self.could, self.could_at = [], self.pos
        self.could += items

    def want(self, argument: Argument, *, led: bool = False) -> None:
        """The words ended where this argument has to come."""
        if self.at_end():
            self.expect(argument, led=led, required=True)
        else:
            self.complain(miscounted(self.pos, argument))
        self.missing = self.finished = True

    # -- the tree

    def sequence(self, items: Sequence[Argument], outer: Follow) -> None:
        """Arguments in a row; neighbours that are optional may come in any order."""
        place = 0
        while place < len(items) and not self.finished:
            item = items[place]
            if place + 1 < len(items) and _halved(item, items[place + 1]):
                self.halves(item, items[place + 1])
                place += 2
            elif item.counted_by in self.counts and item.token is None:
                self.repeat(item, Follow(items[place + 1 :], outer))
                place += 1
            elif item.optional or item.unordered:
                end = place + 1
                while end < len(items) and (items[end].optional or items[end].unordered):
                    if items[end].token is None and items[end].counted_by in self.counts:
                        break
                    end += 1
                self.options(items[place:end], Follow(items[end:], outer))
                place = end
            else:
                self.required(item, Follow(items[place + 1 :], outer))
                place += 1

    def options(self, items: Sequence[Argument], follow: Follow) -> None:
        """Options in any order, each once unless it repeats with its token."""
        left = list(items)
        while self.more() and not self.finished:
            word = self.words[self.pos].upper()
            chosen = next((item for item in left if word in item.first), None)
            if chosen is not None and word in self.banned:
                self.complain(exclusive(self.pos, word, self.banned[word]))
                self.take("unknown", None)
                continue
            if chosen is None:
                chosen = self.positional(left, word, follow)
            if chosen is None:
                self.note_options(left)
                break
            if not chosen.multiple_token:
                left.remove(chosen)
            for token in chosen.first:
                if word in chosen.first and not chosen.multiple:
                    self.taken[token] = word
            self.one(chosen, Follow(left, follow))
        if self.finished:
            return
        lacking = [item for item in left if not item.optional]
        if self.at_end():
            for item in left:
                if item.least <= self.limit - self.pos:
                    self.expect(item, required=not item.optional)
            self.missing = self.finished = bool(lacking)
        elif lacking:
            self.astray(lacking[0])

    def positional(self, left: list[Argument], word: bytes, follow: Follow) -> Argument | None:
        """The option without a token that this word can be, when enough words are left for what has to follow."""
        item = next((item for item in left if item.open), None)
        if item is not None and follow.least:
            if word in follow.stops:
                return None
            if follow.open and len(self.words) - self.pos <= follow.least:
                self.sliding = (item, follow)
                return None
        return item

    def required(self, item: Argument, follow: Follow) -> None:
        """An argument that has to come here."""
        if not self.more():
            self.want(item)
            return
        word = self.words[self.pos].upper()
        if not item.open and word not in item.first:
            self.astray(item)
            return
        self.one(item, follow)
        while item.multiple_token and self.more() and not self.finished and self.words[self.pos].upper() in item.first:
            self.one(item, follow)

    def one(self, item: Argument, follow: Follow) -> None:
        """An argument with its token and, unless the token repeats too, its repetitions."""
        if item.token is not None and item.type != "pure-token":
            self.take("option", item)
        if item.multiple and not item.multiple_token:
            self.repeat(item, follow)
        else:
            self.element(item, follow)

    def repeat(self, item: Argument, follow: Follow) -> None:
        """As many as were counted; else as many as come, leaving to others what has to be theirs."""
        count = self.counts.get(item.counted_by)
        if count is not None:
            self.counted(item, count, follow)
            return
        self.element(item, follow)
        stops = NOTHING if item.rest else follow.stops
        while self.more() and not self.finished:
            word = self.words[self.pos].upper()
            if word in stops or not (item.open or word in item.first or item.token is not None):
                return
            if (
                follow.open
                and len(self.words) - self.pos - item.least < follow.least
                and (follow.takes(self.words[self.pos]))
            ):
                self.sliding = (item, follow)
                return
            self.element(item, follow)
        if self.at_end() and not self.finished:
            self.expect(item, led=item.token is not None)
            self.finished = item.rest

    def counted(self, item: Argument, count: int, follow: Follow) -> None:
        """Exactly so many, or exactly so many words."""
        if not item.counts_words:
            for _ in range(count):
                if self.finished:
                    return
                if not self.more():
                    self.want(item, led=item.token is not None)
                    return
                self.element(item, follow)
            return
        outer, self.limit = self.limit, min(self.limit, self.pos + count)
        while not self.finished and self.pos < self.limit:
            self.element(item, END)
        self.limit = outer

    def halves(self, first: Argument, second: Argument) -> None:
        """Keys and then as many ids; which is which is only known at the end."""
        count = len(self.words) - self.pos
        for place in range(count):
            self.element(first if place < (count + 1) // 2 else second, END)
        self.expect(first, required=not count)
        if count:
            self.expect(second, required=count % 2 == 1)
        self.missing = count % 2 == 1 or not count
        self.finished = self.missing

    def element(self, item: Argument, follow: Follow) -> None:
        """One argument, its token read already."""
        if not self.more():
            self.want(item, led=True)
        elif item.type == "pure-token":
            self.literal(item)
        elif item.type == "oneof":
            self.alternative(item, follow)
        elif item.type == "block":
            self.sequence(item.arguments, follow)
        else:
            self.value(item)

    def literal(self, item: Argument) -> None:
        if self.words[self.pos].upper() in item.first:
            self.take("option", item)
        else:
            self.astray(item)

    def alternative(self, item: Argument, follow: Follow) -> None:
        """The alternative whose token stands here; else the first that can hold this word."""
        word = self.words[self.pos].upper()
        chosen = next((a for a in item.arguments if word in a.first), None)
        if chosen is None:
            able = [a for a in item.arguments if a.open]
            if not able:
                self.astray(item)
                return
            chosen = next((a for a in able if fits(a, self.words[self.pos])), able[0])
        self.one(chosen, follow)

    def value(self, item: Argument) -> None:
        index = self.pos
        word = self.take("key" if item.type == "key" else "value", item)
        if item.type in NUMERIC and not fits(item, word):
            self.complain(not_a_number(index, word, item))
        if item.type == "integer" and is_integer(word):
            self.counts[item.name] = int(word)

    def astray(self, item: Argument) -> None:
        """A word that cannot stand here. One that stands in the place of a single literal word is stepped over."""
        able = self.possible([item], led=item.type == "oneof")
        if self.could_at == self.pos:
            able = self.possible(self.could) + able
        index = self.pos
        word = self.take("unknown", None)
        self.complain(unexpected(self.command, index, word, able))
        self.finished = item.least > 1 or item.type not in ("oneof", "pure-token")

    def possible(self, items: Sequence[Argument], *, led: bool = False) -> list[Expectation]:
        """What these arguments may start with, for the words of a complaint."""
        return [expectation for item in items for expectation in starts(item, led=led)]

    def leftover(self) -> None:
        """Words that nothing in the tree takes."""
        index, word = self.pos, self.words[self.pos]
        used = self.taken.get(word.upper())
        able = self.possible(self.could) if self.could_at == self.pos else []
        if used == word.upper():
            self.complain(repeated(index, word))
        elif used is not None:
            self.complain(exclusive(index, word, used))
        elif able:
            self.complain(unexpected(self.command, index, word, able))
        else:
            self.complain(too_many(self.command, index, word))
        while self.pos < len(self.words):
            self.take("unknown", None)


def _halved(first: Argument, second: Argument) -> bool:
    """Whether two lists stand side by side with nothing to tell where one ends: XREAD's keys and ids."""
    return all(a.multiple and not a.optional and a.token is None and not a.counted_by for a in (first, second))
