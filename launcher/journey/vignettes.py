"""The example persons of the form, and what must follow from their answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from launcher.failures import UsageFailure
from launcher.settings import ROOT

_VIGNETTES: Final = ROOT / "examples" / "vignettes.json"
_FORMS: Final = ROOT / "services" / "screening" / "data"
_LEVELS: Final = ("L1", "L2", "L3")


@dataclass(frozen=True, kw_only=True)
class Area:
    """A service area that levels trigger; ``safety`` when only the safety domain does."""

    category: str
    domains: tuple[str, ...]
    mode: str
    safety: bool


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """What a vignette's answers mean."""

    profile: str
    urgent: tuple[tuple[str, str], ...]
    levels: Mapping[str, str]
    indexes: Mapping[str, int | None]
    pathways: tuple[str, ...]
    areas: tuple[Area, ...]


@dataclass(frozen=True, kw_only=True)
class Vignette:
    """An example person: the facts the form starts from, the answers and what must follow."""

    code: str
    it: str
    en: str
    mode: str
    context: Mapping[str, Any]
    answers: Mapping[str, Any]
    expected: Expectation


@cache
def vignettes() -> tuple[Vignette, ...]:
    """Return every vignette, in the order of the file."""
    content = json.loads(_VIGNETTES.read_text(encoding="utf-8"))
    form = json.loads(
        (_FORMS / f"scheda-{content['form_version']}.json").read_text(encoding="utf-8")
    )
    return tuple(
        Vignette(
            code=each["id"],
            it=each["it"],
            en=each["en"],
            mode=each["mode"],
            context=each["context"],
            answers=each["answers"],
            expected=_expectation(each["expected"], form),
        )
        for each in content["vignettes"]
    )


def chosen(code: str) -> tuple[Vignette, ...]:
    """Return the vignette of a code, or all of them."""
    if code.lower() == "all":
        return vignettes()
    found = tuple(each for each in vignettes() if each.code == code.upper())
    if not found:
        known = ", ".join(each.code for each in vignettes())
        raise UsageFailure(f"There is no vignette {code}: choose {known} or all.")
    return found


def domain_of(item: str) -> str:
    """Return the domain that an item's code begins with."""
    return item.rstrip("0123456789")


def _expectation(expected: Mapping[str, Any], form: Mapping[str, Any]) -> Expectation:
    return Expectation(
        profile=expected["profile"],
        urgent=tuple((item, term) for item, term in expected["urgent"]),
        levels=expected["levels"],
        indexes=expected["indexes"],
        pathways=tuple(expected["pathways"]),
        areas=_areas(expected["levels"], form),
    )


def _areas(levels: Mapping[str, str], form: Mapping[str, Any]) -> tuple[Area, ...]:
    """Derive the triggered areas from the levels, once however many domains trigger one."""
    by_category: dict[str, list[str]] = {}
    for domain, level in levels.items():
        for category in form["triggers"][domain].get(level, ()):
            by_category.setdefault(category, []).append(domain)
    safety = {section["code"] for section in form["sections"] if section.get("safety")}
    return tuple(
        Area(
            category=category,
            domains=tuple(domains),
            mode=form["modes"][max((levels[each] for each in domains), key=_LEVELS.index)],
            safety=set(domains) <= safety,
        )
        for category, domains in by_category.items()
    )
