"""Arithmetic for `derived` values: a small, closed language, evaluated without `eval`.

Names, whole numbers, texts, `+ - * // %`, and `str() int() min() max() len()`. Everything is bounded: the length
of the expression, the size of a number, the length of a text. So a lesson file cannot hang or fill a process.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

__all__ = ["EvaluationError", "Value", "evaluate"]

Value: TypeAlias = int | str

_LONGEST_EXPRESSION = 500
_LONGEST_TEXT = 10_000
_BIGGEST = 2**63 - 1

_OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_FUNCTIONS: dict[str, Callable[..., Any]] = {"str": str, "int": int, "min": min, "max": max, "len": len}


class EvaluationError(ValueError):
    """The expression cannot be evaluated; the text says why, and the loader adds the place."""


def evaluate(expression: str, names: Mapping[str, Value]) -> Value:
    """The value of an expression over names.

    >>> evaluate("page + ':' + str(n * 2)", {"page": "home", "n": 21})
    'home:42'
    """
    if len(expression) > _LONGEST_EXPRESSION:
        raise EvaluationError(f"the expression is longer than {_LONGEST_EXPRESSION} characters")
    try:
        tree = ast.parse(expression.strip(), mode="eval")
        return _value(tree.body, names)
    except EvaluationError:
        raise
    except SyntaxError as error:
        raise EvaluationError(f"it is not an expression: {error.msg}") from None
    except ZeroDivisionError:
        raise EvaluationError("it divides by zero") from None
    except (ValueError, TypeError, OverflowError, RecursionError, MemoryError) as error:
        raise EvaluationError(f"it cannot be calculated: {error}") from None


def _value(node: ast.expr, names: Mapping[str, Value]) -> Value:
    match node:
        case ast.Constant(value=value) if type(value) in (int, str):
            return _bounded(value)
        case ast.Name(id=name):
            if name not in names:
                raise EvaluationError(f"{name!r} is not declared above it")
            return names[name]
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _combine(op, _value(left, names), _value(right, names))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            value = _value(operand, names)
            if isinstance(value, str):
                raise EvaluationError("a text has no negative")
            return -value
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in _FUNCTIONS:
            return _bounded(_FUNCTIONS[name](*(_value(arg, names) for arg in args)))
    raise EvaluationError("only names, numbers, texts, + - * // % and str() int() min() max() len() may be used")


def _combine(op: ast.operator, left: Value, right: Value) -> Value:
    if isinstance(left, str) != isinstance(right, str):
        raise EvaluationError("a text and a number do not mix: write str(number) or int(text)")
    if isinstance(left, str) and not isinstance(op, ast.Add):
        raise EvaluationError("texts can only be joined with +")
    return _bounded(_OPERATORS[type(op)](left, right))


def _bounded(value: Any) -> Value:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise EvaluationError("it is neither a whole number nor a text")
    if isinstance(value, int) and abs(value) > _BIGGEST:
        raise EvaluationError("a number does not fit into 64 bits")
    if isinstance(value, str) and len(value) > _LONGEST_TEXT:
        raise EvaluationError(f"a text is longer than {_LONGEST_TEXT} characters")
    return value
