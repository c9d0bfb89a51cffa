"""What was typed into a section of the form: what changed since it was shown, what was pressed.

A section's page holds for every question ``answers.<code>``, what is chosen now, and
``seen.<code>``, at which version of the screening it was shown and what was chosen then. Only what
differs is sent on, so that a page that stood open overrules nobody. ``mine.<code>`` keeps an answer
that somebody else's stands against until one of them is chosen. A button says by ``do`` what else
is to be done, as ``verb:argument``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from contracts.screening import Form as Scheda
from gateway.web.interview import Codes
from gateway.web.screen import Form

GIVEN: Final = "answers."
SEEN: Final = "seen."
MINE: Final = "mine."
DO: Final = "do"


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What a section's page sends: changes by question, and how old the page is they rest on."""

    shown: Mapping[str, int]
    chosen: Mapping[str, Codes]
    changed: Mapping[str, Codes]
    waiting: Mapping[str, Codes]
    """Answers that somebody else's stand against."""

    skipped: Codes = ()
    """Questions left out just now, by one button for the section."""

    skipped_as: str = ""

    @property
    def version(self) -> int:
        """The oldest version that a change rests on."""
        return min((self.shown[code] for code in self.changed), default=0)

    def without(self, codes: Mapping[str, Any] | set[str]) -> Typed:
        """Return the same without the changes of some questions."""
        kept = {code: given for code, given in self.changed.items() if code not in codes}
        return replace(self, changed=kept)

    def answers(self, scheda: Scheda) -> dict[str, Any]:
        """Return the changes as the contract writes them."""
        several = {item.code for item in scheda.items if item.multiple}
        alone = {missing.code for missing in scheda.missing_codes}
        return {
            code: _written(given, several=code in several, alone=alone)
            for code, given in self.changed.items()
        }


def read_typed(form: Form, scheda: Scheda) -> Typed:
    """Return what a section's page sends."""
    alone = {missing.code for missing in scheda.missing_codes}
    shown: dict[str, int] = {}
    chosen: dict[str, Codes] = {}
    changed: dict[str, Codes] = {}
    for name in form:
        if not name.startswith(SEEN):
            continue
        code = name.removeprefix(SEEN)
        version, *before = form[name].split()
        shown[code] = int(version) if version.isdecimal() else 0
        chosen[code] = _settled(tuple(form.getlist(GIVEN + code)), tuple(before), alone)
        if set(chosen[code]) != set(before):
            changed[code] = chosen[code]
    waiting = {
        name.removeprefix(MINE): tuple(form[name].split())
        for name in form
        if name.startswith(MINE) and name.removeprefix(MINE) in shown
    }
    typed = Typed(
        shown=shown,
        chosen=chosen,
        changed=changed,
        waiting={code: mine for code, mine in waiting.items() if code not in changed},
    )
    verb, _, argument = form.get(DO, "").partition(":")
    return _DEEDS[verb](typed, argument) if verb in _DEEDS else typed


def _settled(given: Codes, before: Codes, alone: set[str]) -> Codes:
    """Return the answer where "does not know" was ticked beside others: the newer one counts."""
    none = tuple(code for code in given if code in alone)
    if not none or len(given) == 1:
        return given
    if set(none) <= set(before):
        return tuple(code for code in given if code not in alone)
    return tuple(code for code in none if code not in before)[:1]


def _written(given: Codes, *, several: bool, alone: set[str]) -> Any:
    """Return one answer as the contract writes it; nothing clears it."""
    if not given:
        return None
    return given[0] if not several or given[0] in alone else list(given)


def _keep(typed: Typed, code: str) -> Typed:
    """Let the other's answer stand."""
    waiting = {each: mine for each, mine in typed.waiting.items() if each != code}
    return replace(typed, waiting=waiting)


def _insist(typed: Typed, code: str) -> Typed:
    """Let one's own answer count, now that the other's was seen."""
    if code not in typed.waiting:
        return typed
    return replace(_keep(typed, code), changed={**typed.changed, code: typed.waiting[code]})


def _clear(typed: Typed, code: str) -> Typed:
    """Take an answer away."""
    if code not in typed.shown:
        return typed
    return replace(_keep(typed, code), changed={**typed.changed, code: ()})


def _skip(typed: Typed, reason: str) -> Typed:
    """Give every question that is still open here the same reason for having no answer."""
    left = tuple(
        code for code, given in typed.chosen.items() if not given and code not in typed.waiting
    )
    skipped = dict.fromkeys(left, (reason,))
    return replace(typed, changed={**typed.changed, **skipped}, skipped=left, skipped_as=reason)


def _undo(typed: Typed, argument: str) -> Typed:
    """Open the questions again that were left out together and still are."""
    reason, _, codes = argument.partition("=")
    opened = {code: () for code in codes.split(",") if typed.chosen.get(code) == (reason,)}
    return replace(typed, changed={**typed.changed, **opened})


_DEEDS: Final[Mapping[str, Callable[[Typed, str], Typed]]] = {
    "keep": _keep,
    "mine": _insist,
    "clear": _clear,
    "skip": _skip,
    "undo": _undo,
}
