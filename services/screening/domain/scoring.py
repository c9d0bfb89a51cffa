"""From answers to levels, urgency and profile: section 12.2 of the scheda, one rule per line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from contracts.screening import (
    DomainResult,
    Level,
    LevelReason,
    Profile,
    Task,
    TaskCode,
    Urgency,
)
from services.screening.domain.answers import Interview, context_facts
from services.screening.domain.conditions import Value
from services.screening.domain.form import NEED_LEVELS, Item, Option, Scheda, Section

RANK: Final[Mapping[Level, int]] = {level: rank for rank, level in enumerate(NEED_LEVELS, 1)}
LEVELS: Final = (Level.L0, *NEED_LEVELS)


@dataclass(frozen=True)
class Tally:
    """What the answers to the questions of one domain add up to."""

    raw: int
    maximum: int
    applicable: int
    answered: int
    any_at_maximum: bool
    option_minimum: int
    any_critical: bool

    @property
    def index(self) -> int:
        """The share of the possible score, 0 to 100, half to even; 0 when nothing is answered."""
        return round(100 * self.raw / self.maximum) if self.maximum else 0


@dataclass(frozen=True)
class Rule:
    """One step from the level so far to the next, and the reason to give if it changes."""

    reason: LevelReason
    applies: Callable[[Tally], bool]
    bound: Callable[[Tally, int], int]


# In this order: a later rule overrides the earlier ones.
RULES: Final = (
    Rule(LevelReason.NO_NEED, lambda t: t.raw == 0, lambda _, level: min(level, 0)),
    Rule(LevelReason.SINGLE_POINT, lambda t: t.raw <= 1, lambda _, level: min(level, 1)),
    Rule(LevelReason.SINGLE_ANSWER, lambda t: t.answered == 1, lambda _, level: min(level, 2)),
    Rule(LevelReason.ITEM_AT_MAXIMUM, lambda t: t.any_at_maximum, lambda _, level: max(level, 2)),
    Rule(
        LevelReason.OPTION_MINIMUM,
        lambda t: t.option_minimum > 0,
        lambda t, level: max(level, t.option_minimum),
    ),
    Rule(LevelReason.CRITICAL_ANSWER, lambda t: t.any_critical, lambda _, _level: 3),
)


@dataclass(frozen=True)
class Assessment:
    """What the answers mean; ``facts`` are for the rules that suggest."""

    domains: tuple[DomainResult, ...]
    urgent: tuple[Urgency, ...]
    profile: Profile
    tasks: tuple[Task, ...]
    facts: Mapping[str, Value]


def assess(interview: Interview) -> Assessment:
    """Score every domain of the interview's form and find the profile."""
    scheda, asked = interview.scheda, interview.asked()
    domains = tuple(_score(interview, section, asked) for section in scheda.sections)
    urgent = tuple(
        Urgency(item=item.code, term=option.urgent)
        for item in asked
        for option in _chosen(interview, item)
        if option.urgent is not None
    )
    facts = _facts(interview, asked, domains, urgent=bool(urgent))
    profile = next(rule.code for rule, condition in scheda.profiles if condition.holds(facts))
    tasks = tuple(
        Task(code=_task_code(result), domain=result.domain)
        for result in domains
        if result.level is Level.ND
    )
    return Assessment(domains, urgent, profile, tasks, {**facts, "profile": profile})


def _chosen(interview: Interview, item: Item) -> tuple[Option, ...]:
    """Return the options of the item that were chosen."""
    return item.chosen(interview.answers.get(item.code, ()))


def _score(interview: Interview, section: Section, asked: tuple[Item, ...]) -> DomainResult:
    """Find the level of one domain."""
    items = [item for item in asked if item.domain == section.code]
    tally = _tally(interview, items)
    if tally.applicable == 0:
        level, reason = _unscored(interview, section, items)
        return DomainResult(domain=section.code, level=level, reasons=(reason,))
    rank, reasons = _rank(tally, section)
    # Few answers can hide a need, but not undo one that shows already.
    if 2 * tally.answered < tally.applicable and rank < RANK[Level.L2]:
        return DomainResult(
            domain=section.code,
            level=Level.ND,
            index=tally.index,
            reasons=(LevelReason.FEW_ANSWERS,),
        )
    return DomainResult(domain=section.code, level=LEVELS[rank], index=tally.index, reasons=reasons)


def _tally(interview: Interview, items: list[Item]) -> Tally:
    """Add up the answers of one domain; informative ones can only be critical or set a minimum."""
    scored = [item for item in items if item.kind == "scored"]
    answers = [(item, option) for item in scored for option in _chosen(interview, item)]
    chosen = [option for item in items for option in _chosen(interview, item)]
    return Tally(
        raw=sum(option.score or 0 for _, option in answers),
        maximum=sum(item.maximum for item, _ in answers),
        applicable=len(scored),
        answered=len(answers),
        any_at_maximum=any(option.score == item.maximum for item, option in answers),
        option_minimum=max((option.min_level or 0 for option in chosen), default=0),
        any_critical=any(option.critical for option in chosen),
    )


def _rank(tally: Tally, section: Section) -> tuple[int, tuple[LevelReason, ...]]:
    """Apply the thresholds, then each rule in turn."""
    rank = sum(tally.index >= threshold for threshold in section.thresholds)
    reasons = [LevelReason.THRESHOLD]
    for rule in RULES:
        bound = rule.bound(tally, rank) if rule.applies(tally) else rank
        if bound != rank:
            rank = bound
            reasons.append(rule.reason)
    return rank, tuple(reasons)


def _unscored(
    interview: Interview, section: Section, asked: list[Item]
) -> tuple[Level, LevelReason]:
    """Tell why no scored question of the domain is asked: closed gate, brief form or context."""
    gates = [item for item in asked if item.kind == "gate"]
    if any(item.code in interview.answers for item in gates):
        return Level.ND, LevelReason.NOT_PRIVATE
    if gates:
        return Level.ND, LevelReason.FEW_ANSWERS
    if not any(item.domain == section.code for item in interview.scheda.in_mode(interview.mode)):
        return Level.NA, LevelReason.NOT_IN_FORM
    return Level.NA, LevelReason.NOT_APPLICABLE


def _task_code(result: DomainResult) -> TaskCode:
    """Tell what is to be done about a domain that has no level yet."""
    private = LevelReason.NOT_PRIVATE in result.reasons
    return TaskCode.REPEAT_SAFETY_IN_PRIVATE if private else TaskCode.COMPLETE_DOMAIN


def _facts(
    interview: Interview,
    asked: tuple[Item, ...],
    domains: tuple[DomainResult, ...],
    *,
    urgent: bool,
) -> dict[str, Value]:
    """Return everything that the rules for profile and pathways may ask for."""
    facts = context_facts(interview.context)
    for item in asked:
        facts[item.code] = interview.fact(item)
        if item.kind == "scored":
            (score,) = [option.score for option in _chosen(interview, item)] or [None]
            facts[f"score.{item.code}"] = score
    facts |= {f"level.{result.domain}": RANK.get(result.level, 0) for result in domains}
    facts |= _counts(interview.scheda, domains)
    facts["urgent"] = urgent
    facts |= {name: _derived(interview.scheda, name, facts) for name in interview.scheda.facts}
    return facts


def _counts(scheda: Scheda, domains: tuple[DomainResult, ...]) -> dict[str, Value]:
    """Count the domains at each level, and the vital ones among them."""
    vital = {section.code for section in scheda.sections if section.vital}
    everywhere = Counter(result.level for result in domains)
    in_vital = Counter(result.level for result in domains if result.domain in vital)
    return {
        **{f"count.{level}": everywhere[level] for level in NEED_LEVELS},
        **{f"count.vital.{level}": in_vital[level] for level in NEED_LEVELS},
    }


def _derived(scheda: Scheda, name: str, facts: Mapping[str, Value]) -> Value:
    """Return the value of a derived fact: of the first case that holds."""
    for case in scheda.facts[name]:
        if case.when.holds(facts):
            return case.value if case.score_of is None else facts.get(f"score.{case.score_of}")
    return None
