"""Whether somebody who is registered may be the person at the desk.

What speaks for it adds up to a score; a name alone never reaches the threshold, since many people
bear the same. Names are compared as a search compares them, each part by itself: a second given
name that one desk left out counts for little.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Final
from uuid import UUID

from contracts.intake import Duplicate, DuplicateGround
from services.intake.domain.configuration import Likeness
from services.intake.domain.persons import EARLIEST_BIRTH

DIGITS_OF_A_PHONE: Final = 9
"""Telephone numbers are the same if they end alike: not every desk writes the prefix."""

_EQUAL: Final = 100
_PART_LEFT_OUT: Final = 90
_Names = tuple[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class AtTheDesk:
    """What the person at the desk says; names folded, of the telephone number its end."""

    given_name: str
    family_name: str
    birth_date: date
    phone_end: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """Somebody registered, names folded beside the names as they are shown."""

    person_id: UUID
    shown_as: _Names
    given_name: str
    family_name: str
    birth_date: date
    phone_end: str | None
    same_tax_code: bool


def likely(
    desk: AtTheDesk, candidates: Iterable[Candidate], likeness: Likeness
) -> tuple[Duplicate, ...]:
    """Return who may be the person at the desk, the likeliest first; of equals the newest."""
    compared = (_compare(desk, candidate, likeness) for candidate in candidates)
    found = [each for each in compared if each.score >= likeness.threshold]
    found.sort(key=lambda each: (each.score, each.person_id), reverse=True)
    return tuple(found[: likeness.shown])


def phone_end(phone: str | None) -> str | None:
    """Return the digits by which telephone numbers are compared."""
    digits = "".join(sign for sign in phone or "" if sign.isdigit())
    return digits[-DIGITS_OF_A_PHONE:] or None


def digits_swapped(born: date) -> frozenset[date]:
    """Return the dates that a slip makes of this one.

    Two neighbouring digits change places, or day and month do.
    """
    year, month, day = f"{born.year:04}", f"{born.month:02}", f"{born.day:02}"
    slips = [(year, day, month), (year, month[::-1], day), (year, month, day[::-1])]
    slips += [
        (year[:place] + year[place + 1] + year[place] + year[place + 2 :], month, day)
        for place in range(len(year) - 1)
    ]
    return frozenset(filter(None, map(_date_of, slips))) - {born}


def _date_of(parts: tuple[str, str, str]) -> date | None:
    """Return the date on which somebody may be born, if it is one."""
    try:
        day = date(*map(int, parts))
    except ValueError:
        return None
    return day if day >= EARLIEST_BIRTH else None


def _compare(desk: AtTheDesk, candidate: Candidate, likeness: Likeness) -> Duplicate:
    parts = dict(_points(desk, candidate, likeness))
    given_name, family_name = candidate.shown_as
    return Duplicate(
        person_id=candidate.person_id,
        given_name=given_name,
        family_name=family_name,
        birth_date=candidate.birth_date,
        score=min(100, sum(parts.values())),
        grounds=tuple(parts),
    )


def _points(
    desk: AtTheDesk, candidate: Candidate, likeness: Likeness
) -> Iterator[tuple[DuplicateGround, int]]:
    """Yield what speaks for it, and how much."""
    weights = likeness.weights
    if candidate.same_tax_code:
        yield DuplicateGround.SAME_TAX_CODE, weights[DuplicateGround.SAME_TAX_CODE]
    if candidate.birth_date == desk.birth_date:
        yield DuplicateGround.SAME_BIRTH_DATE, weights[DuplicateGround.SAME_BIRTH_DATE]
    elif candidate.birth_date in digits_swapped(desk.birth_date):
        ground = DuplicateGround.BIRTH_DATE_DIGITS_SWAPPED
        yield ground, weights[ground]
    ground, likeness_of_names = _names(desk, candidate)
    if likeness_of_names >= likeness.similar_from:
        yield ground, weights[ground] * likeness_of_names // 100
    if desk.phone_end is not None and candidate.phone_end == desk.phone_end:
        yield DuplicateGround.SAME_PHONE, weights[DuplicateGround.SAME_PHONE]


def _names(desk: AtTheDesk, candidate: Candidate) -> tuple[DuplicateGround, int]:
    """Return how alike the names are, from 0 to 100, as they stand or the other way round."""
    said = (desk.given_name, desk.family_name)
    straight = _alike(said, (candidate.given_name, candidate.family_name))
    swapped = _alike(said, (candidate.family_name, candidate.given_name))
    if swapped > straight:
        return DuplicateGround.SWAPPED_NAMES, swapped
    return DuplicateGround.SIMILAR_NAME, straight


def _alike(one: _Names, other: _Names) -> int:
    parts = [_part_alike(*pair) for pair in zip(one, other, strict=True)]
    return sum(parts) // len(parts)


def _part_alike(one: str, other: str) -> int:
    if one == other:
        return _EQUAL
    few, many = sorted((set(one.split()), set(other.split())), key=len)
    if few and few <= many:
        return _PART_LEFT_OUT
    # The matcher reads its two texts differently; put in order, they give one answer.
    first, second = sorted((one, other))
    return int(100 * SequenceMatcher(None, first, second, autojunk=False).ratio())
