"""A predicted reply: is what the learner typed the reply that Redis gives?

The right answer is written as redis-cli prints it, and so may the learner's be. Shorter forms are taken where they
can mean one thing only: `1` or `integer 1` for `(integer) 1`, `nil` for `(nil)`, `ok` for `OK`, `error` or the
error's code for `(error) WRONGTYPE …`, a word without quotes for a string, `a b` for a short array.

Integer and string are different replies. `"11"` for `(integer) 11` is never right, nor the other way round. A bare
`11` is right for the integer. For the string `"11"` it is right too, unless the exercise turns on the difference:
that is, when one of its wrong answers is the same value as another kind of reply. Then the learner is asked which
kind is meant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from tutor.errors import QuotingError
from tutor.lesson import Elements, Expected, Prediction, Wrong, parse_expected
from tutor.wire import split

__all__ = ["Prophecy", "compare", "judge_prediction", "read_guess", "read_reply"]

Kind: TypeAlias = Literal["integer", "string", "nil", "status", "error", "double", "array", "bare", "any"]
_EMPTY = frozenset({"(empty array)", "empty array", "(empty list or set)", "empty list", "empty", "(empty)", "[]"})
_NILS = frozenset({"nil", "(nil)", "null", "none"})
_NAMES = {
    "integer": "a number, printed as (integer) N",
    "string": "a string, printed in quotes",
    "status": "a status, printed without quotes",
    "double": "a floating point number, printed as (double) N",
}


@dataclass(frozen=True, slots=True)
class Prophecy:
    """A reply that somebody wrote down."""

    kind: Kind
    """`bare` for a learner's word that may be an integer, a string or a status; `any` for a hole."""
    text: str = ""
    """The value; of an error its whole line."""
    items: tuple[Prophecy, ...] = ()
    """The elements of an array."""


def read_reply(text: str) -> Prophecy:
    """A reply as redis-cli prints it."""
    return _from_tree(parse_expected(text))


def _from_tree(tree: Expected) -> Prophecy:
    if isinstance(tree, Elements):
        return Prophecy("array", items=tuple(_from_tree(item) for item in tree.items))
    text = tree.text
    if text == "<any>":
        return Prophecy("any")
    if text in _EMPTY:
        return Prophecy("array")
    if text == "(nil)":
        return Prophecy("nil")
    if text.startswith("(integer) "):
        return Prophecy("integer", text[10:].strip())
    if text.startswith("(double) "):
        return Prophecy("double", text[9:].strip())
    if text.startswith("(error)"):
        return Prophecy("error", text[7:].strip())
    unquoted = _unquoted(text)
    return Prophecy("status", text) if unquoted is None else Prophecy("string", unquoted)


def read_guess(text: str, arrays: bool) -> Prophecy:
    """What a learner typed. `arrays` says that an array is the answer, so that a row of words means its elements."""
    text = text.strip()
    tree = parse_expected(text)
    if isinstance(tree, Elements):
        return Prophecy("array", items=tuple(_guess_in(item) for item in tree.items))
    lines = [line for line in text.split("\n") if line.strip()]
    if text.casefold() in _EMPTY and (arrays or text != "empty"):
        return Prophecy("array")
    if arrays and len(lines) > 1:
        return Prophecy("array", items=tuple(_guess_word(line.strip()) for line in lines))
    if arrays and (text.startswith("[") or len(_words(text)) > 1) and not text.startswith("("):
        return Prophecy("array", items=tuple(_guess_word(word) for word in _words(text)))
    return _guess_word(text)


def _guess_in(tree: Expected) -> Prophecy:
    if isinstance(tree, Elements):
        return Prophecy("array", items=tuple(_guess_in(item) for item in tree.items))
    return _guess_word(tree.text)


def _words(text: str) -> list[str]:
    inner = text.strip("[]")
    return [word.strip() for word in inner.split(",")] if "," in inner else re.findall(r'"[^"]*"|\S+', inner)


def _guess_word(text: str) -> Prophecy:
    low = text.casefold()
    if low in _NILS:
        return Prophecy("nil")
    if low in _EMPTY:
        return Prophecy("array")
    number = re.fullmatch(r"\(?integer\)?:?\s*([+-]?\d+)", low)
    if number:
        return Prophecy("integer", number[1])
    if low.startswith(("(error)", "error", "err ")) or low == "err":
        return Prophecy("error", re.sub(r"^\(?error\)?:?\s*", "", text, flags=re.IGNORECASE))
    strict = _from_tree(parse_expected(text))
    return Prophecy("bare", text) if strict.kind == "status" else strict


def _unquoted(text: str) -> str | None:
    if len(text) < 2 or text[0] not in "\"'" or text[-1] != text[0]:
        return None
    try:
        words = split(text.encode())
    except QuotingError:
        return None
    return words[0].decode("utf-8", "surrogateescape") if len(words) == 1 else None


def compare(guess: Prophecy, right: Prophecy) -> Literal["same", "kind", "other"]:
    """Whether the guess means this reply: `kind` when the value is the same and the kind of reply is not."""
    if right.kind == "any":
        return "same"
    if right.kind == "array" or guess.kind == "array":
        return _compare_arrays(guess, right)
    if right.kind == "error":
        return "same" if _same_error(guess, right) else "other"
    if right.kind == "nil" or guess.kind in ("nil", "error"):
        return "same" if guess.kind == right.kind else "other"
    same_number = _number(guess.text) is not None and _number(guess.text) == _number(right.text)
    if guess.kind == "bare":
        word = guess.text.casefold() == right.text.casefold() if right.kind == "status" else guess.text == right.text
        return "same" if word or (right.kind in ("integer", "double") and same_number) else "other"
    if guess.kind != right.kind:
        return "kind" if guess.text == right.text or same_number else "other"
    return "same" if guess.text == right.text or (guess.kind != "string" and same_number) else "other"


def _compare_arrays(guess: Prophecy, right: Prophecy) -> Literal["same", "kind", "other"]:
    if guess.kind != right.kind or len(guess.items) != len(right.items):
        return "other"
    outcomes = {compare(mine, its) for mine, its in zip(guess.items, right.items, strict=True)}
    return "other" if "other" in outcomes else "kind" if "kind" in outcomes else "same"


def _same_error(guess: Prophecy, right: Prophecy) -> bool:
    code = right.text.split(" ")[0].upper()
    said = guess.text.split(" ")[0].upper()
    if guess.kind == "bare":
        return said == code
    # "error" alone names the kind of reply, which is what can be predicted; nobody knows the words by heart.
    return guess.kind == "error" and (not guess.text or not right.text or said == code)


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[+-]?\d{1,20}", text) else None


def judge_prediction(exercise: Prediction, answer: str) -> tuple[bool, Wrong | None, str]:
    """Whether it is right; if not, the wrong answer that it is, or our own words about it, which may be empty."""
    rights = [read_reply(text) for text in (exercise.answer, *exercise.accept)]
    right = rights[0]
    guess = read_guess(answer, right.kind == "array")
    known = [(wrong, read_reply(wrong.answer)) for wrong in exercise.wrong]
    if answer.strip() in [text.strip() for text in (exercise.answer, *exercise.accept)]:
        return True, None, ""
    turns_on_kind = any(compare(its, right) == "kind" for _, its in known)
    outcome = compare(guess, right)
    if outcome == "same" and turns_on_kind and _is_vague(guess, right):
        return (
            False,
            None,
            f"The value is right. But which kind of reply is it? Here it is {_other_kinds(known, right)}.",
        )
    if any(compare(guess, each) == "same" for each in rights):
        return True, None, ""
    wrong = _wrong(known, guess, answer)
    if wrong is None and outcome == "kind":
        named = _NAMES.get(guess.kind, "another kind of reply")
        return False, None, f"The value is right, but the kind of reply is not. You wrote {named}."
    return False, wrong, ""


def _is_vague(guess: Prophecy, right: Prophecy) -> bool:
    """Whether a word without quotes stands for a string: it could as well be an integer or a status."""
    if guess.kind == "array":
        return any(_is_vague(mine, its) for mine, its in zip(guess.items, right.items, strict=True))
    return guess.kind == "bare" and right.kind == "string"


def _other_kinds(known: Sequence[tuple[Wrong, Prophecy]], right: Prophecy) -> str:
    kinds = {its.kind for _, its in known if compare(its, right) == "kind"} | {right.kind}
    return ", or ".join(sorted(_NAMES[kind] for kind in kinds if kind in _NAMES)) or "one of two"


def _wrong(known: Sequence[tuple[Wrong, Prophecy]], guess: Prophecy, answer: str) -> Wrong | None:
    literal = [wrong for wrong, _ in known if " ".join(wrong.answer.split()) == " ".join(answer.split())]
    meant = [wrong for wrong, its in known if compare(guess, its) == "same"]
    return next(iter([*literal, *meant]), None)
