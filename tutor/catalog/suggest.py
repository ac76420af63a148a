"""Did you mean: the names nearest to a word, counting a swapped pair as one slip."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 32
MOST = 3


def distance(a: str, b: str, most: int) -> int:
    """Insertions, deletions, replacements and swaps of neighbours from a to b; more than `most` when it is more."""
    if abs(len(a) - len(b)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        older, before, row = before, row, [i]
        for j, y in enumerate(b, 1):
            cost = min(row[-1] + 1, before[j] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


def closest(word: str, names: Iterable[str]) -> list[str]:
    """At most three names, nearest first; none when the word is nothing like any."""
    if not word or len(word) > LONGEST:
        return []
    most = 1 if len(word) < 4 else 2 if len(word) < 8 else 3
    found = []
    for name in names:
        far = distance(word, name, most)
        if far > most and len(word) > 2 and name.startswith(word):
            far = most
        if 0 < far <= most or far == 0:
            found.append((far, name))
    found.sort()
    return [name for _, name in found[:MOST]]
