"""Conditions as data: read once from the form, then asked of facts; never evaluated as code.

A condition is ``[fact, operator, value]``, a list of conditions that must all hold, or one of
``{"all": [...]}``, ``{"any": [...]}`` and ``{"not": ...}``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from operator import ge, gt, le, lt
from typing import Any, Final, TypeAlias

Value: TypeAlias = str | int | bool | tuple[str, ...] | None
Facts: TypeAlias = Mapping[str, Value]


class FormInvalid(ValueError):
    """A version of the form contradicts itself: it must not be used at all."""


@dataclass(frozen=True)
class Test:
    """One fact compared with one value."""

    __test__ = False

    fact: str
    operator: str
    value: Value

    def holds(self, facts: Facts) -> bool:
        """Tell whether the comparison is true; a fact that is not known is ``None``."""
        return OPERATORS[self.operator].compare(facts.get(self.fact), self.value)

    def tests(self) -> Iterator[Test]:
        """Yield the comparison itself."""
        yield self


@dataclass(frozen=True)
class All:
    """Every part must hold; without parts it always does."""

    parts: tuple[Condition, ...]

    def holds(self, facts: Facts) -> bool:
        """Tell whether every part holds."""
        return all(part.holds(facts) for part in self.parts)

    def tests(self) -> Iterator[Test]:
        """Yield every comparison in it."""
        return (test for part in self.parts for test in part.tests())


@dataclass(frozen=True)
class AnyOf:
    """At least one part must hold."""

    parts: tuple[Condition, ...]

    def holds(self, facts: Facts) -> bool:
        """Tell whether some part holds."""
        return any(part.holds(facts) for part in self.parts)

    def tests(self) -> Iterator[Test]:
        """Yield every comparison in it."""
        return (test for part in self.parts for test in part.tests())


@dataclass(frozen=True)
class Not:
    """The part must not hold."""

    part: Condition

    def holds(self, facts: Facts) -> bool:
        """Tell whether the part does not hold."""
        return not self.part.holds(facts)

    def tests(self) -> Iterator[Test]:
        """Yield every comparison in it."""
        return self.part.tests()


Condition: TypeAlias = Test | All | AnyOf | Not
ALWAYS: Final = All(())


@dataclass(frozen=True)
class Operator:
    """How a fact is compared, and which values it can be compared with."""

    compare: Callable[[Any, Any], bool]
    accepts: Callable[[Any], bool]


def _is_scalar(value: Any) -> bool:
    return isinstance(value, str | int)


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_codes(value: Any) -> bool:
    return isinstance(value, tuple) and all(isinstance(code, str) for code in value)


def _known(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """Make a comparison false when the fact is not known."""
    return lambda fact, value: fact is not None and compare(fact, value)


# What is not known equals nothing and is in no list, so "ne" and "not_in" are true of it: a
# question that depends on "CAS1 ne d" is asked before CAS1 is answered.
OPERATORS: Final[Mapping[str, Operator]] = {
    "eq": Operator(lambda fact, value: fact == value, lambda v: _is_scalar(v) or _is_codes(v)),
    "ne": Operator(lambda fact, value: fact != value, lambda v: _is_scalar(v) or _is_codes(v)),
    "in": Operator(lambda fact, value: fact in value, _is_codes),
    "not_in": Operator(lambda fact, value: fact not in value, _is_codes),
    "lt": Operator(_known(lt), _is_number),
    "le": Operator(_known(le), _is_number),
    "gt": Operator(_known(gt), _is_number),
    "ge": Operator(_known(ge), _is_number),
    "contains": Operator(
        _known(lambda fact, value: value in fact), lambda v: isinstance(v, str) and bool(v)
    ),
    "known": Operator(
        lambda fact, value: (fact is not None) is value, lambda v: isinstance(v, bool)
    ),
}


def read_condition(raw: Any, where: str) -> Condition:
    """Read a condition of the form; ``where`` names its place in the file.

    Raises:
        FormInvalid: it has another shape, an unknown operator, or a value unfit for the operator.

    """
    match raw:
        case [str() as fact, str() as operator, value]:
            return _read_test(fact, operator, value, where)
        case [*parts]:
            return All(_read_parts(parts, where))
        case {"not": part, **rest} if not rest:
            return Not(read_condition(part, f"{where}.not"))
        case {"all": [_, *_] as several, **rest} if not rest:
            return All(_read_parts(several, f"{where}.all"))
        case {"any": [_, *_] as several, **rest} if not rest:
            return AnyOf(_read_parts(several, f"{where}.any"))
    raise FormInvalid(f"{where}: not a condition")


def _read_parts(parts: list[Any], where: str) -> tuple[Condition, ...]:
    return tuple(read_condition(part, f"{where}[{at}]") for at, part in enumerate(parts))


def _read_test(fact: str, operator: str, value: Any, where: str) -> Test:
    if operator not in OPERATORS:
        raise FormInvalid(f"{where}: unknown operator {operator!r}")
    value = tuple(value) if isinstance(value, list) else value
    if not OPERATORS[operator].accepts(value):
        raise FormInvalid(f"{where}: {operator!r} cannot be compared with {value!r}")
    return Test(fact, operator, value)
