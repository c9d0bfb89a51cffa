"""The rules of reporting: what an event adds to a person's story, and how the indicators count."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import singledispatch
from typing import Any, Final
from uuid import UUID

from contracts.access import Principal, Scope
from contracts.calendar import HERE
from contracts.events import AttendanceRecorded, GatheringKind
from contracts.intake import (
    CaseOpened,
    ConsentGranted,
    ConsentWithdrawn,
    EmergencyAccessOpened,
    EmergencyAccessReviewed,
    PersonFact,
)
from contracts.language import Event, InvalidRequest
from contracts.pathways import EnrolmentFact
from contracts.referrals import NeedFact, ReferralDiscarded, ReferralDrafted, ReferralFact
from contracts.reporting import Indicator
from contracts.screening import Gender, ScreeningCompleted, ScreeningStarted

"""A period is made of days on the calendar of the towns."""

_UNSENT: Final = (ReferralDrafted, ReferralDiscarded)


@dataclass(frozen=True, kw_only=True)
class Moment:
    """What an event means in a person's story.

    ``recipient_id`` is the agency that also sees it: the one that a referral was sent to. ``at`` is
    the event's own time unless the event tells when the thing happened.
    """

    person_id: UUID
    agency_id: UUID
    recipient_id: UUID | None = None
    at: datetime | None = None
    state: str | None = None
    code: str | None = None
    reason: str | None = None
    safety: bool = False
    screening_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of a person's story; the id of the message is its id, so a repeated one is one."""

    entry_id: UUID
    person_id: UUID
    at: datetime
    type: str
    subject: UUID
    agency_id: UUID
    recipient_id: UUID | None
    state: str | None
    code: str | None
    reason: str | None
    safety: bool
    screening_id: UUID | None


def entry_of(event: Event, *, entry_id: UUID, time: datetime) -> Entry | None:
    """Return the line that an event adds to a person's story, if it is about a known person."""
    moment = moment_of(event)
    if moment is None:
        return None
    return Entry(
        entry_id=entry_id,
        person_id=moment.person_id,
        at=moment.at or time,
        type=event.type,
        subject=event.aggregate_id,
        agency_id=moment.agency_id,
        recipient_id=moment.recipient_id,
        state=moment.state,
        code=moment.code,
        reason=moment.reason,
        safety=moment.safety,
        screening_id=moment.screening_id,
    )


@singledispatch
def moment_of(event: object) -> Moment | None:
    """Return what an event means in a person's story; each family of events has its own reading."""
    raise TypeError(f"no reading for {type(event).__name__}")


@moment_of.register(PersonFact)
@moment_of.register(CaseOpened)
@moment_of.register(ConsentWithdrawn)
def _(event: PersonFact | CaseOpened | ConsentWithdrawn) -> Moment:
    return Moment(person_id=event.person_id, agency_id=event.agency_id)


@moment_of.register
def _(event: ConsentGranted) -> Moment:
    # Which categories it covers is left out: that safety is among them would tell an answer.
    return Moment(person_id=event.person_id, agency_id=event.agency_id, code=event.purpose)


@moment_of.register(EmergencyAccessOpened)
@moment_of.register(EmergencyAccessReviewed)
def _(event: EmergencyAccessOpened | EmergencyAccessReviewed) -> Moment:
    return Moment(
        person_id=event.person_id,
        agency_id=event.agency_id,
        recipient_id=event.registering_agency_id,
        reason=event.reason if isinstance(event, EmergencyAccessOpened) else event.outcome,
        safety=event.safety,
    )


@moment_of.register
def _(event: ScreeningStarted) -> Moment:
    return Moment(
        person_id=event.person_id,
        agency_id=event.agency_id,
        at=event.started_at,
        code=event.mode,
    )


@moment_of.register
def _(event: ScreeningCompleted) -> Moment:
    return Moment(
        person_id=event.person_id,
        agency_id=event.agency_id,
        at=event.completed_at,
        code=event.profile_without_safety,
    )


@moment_of.register
def _(event: NeedFact) -> Moment:
    return Moment(
        person_id=event.person_id,
        agency_id=event.agency_id,
        state=event.state,
        code=event.category,
        reason=event.reason or event.outcome,
        safety=event.safety,
        screening_id=event.screening_id,
    )


@moment_of.register
def _(event: ReferralFact) -> Moment:
    return Moment(
        person_id=event.person_id,
        agency_id=event.from_agency_id,
        recipient_id=None if isinstance(event, _UNSENT) else event.to_agency_id,
        state=event.state,
        code=event.category,
        reason=event.reason or event.outcome,
        safety=event.safety,
        screening_id=event.screening_id,
    )


@moment_of.register
def _(event: EnrolmentFact) -> Moment:
    return Moment(
        person_id=event.person_id,
        agency_id=event.agency_id,
        state=event.state,
        code=event.pathway,
        reason=event.reason,
        safety=event.safety,
        screening_id=event.screening_id,
    )


@moment_of.register
def _(event: AttendanceRecorded) -> Moment | None:
    if event.person_id is None:
        return None
    return Moment(
        person_id=event.person_id,
        agency_id=event.agency_id,
        at=event.starts_at,
        code=event.kind,
    )


@dataclass(frozen=True, kw_only=True)
class Reach:
    """What of a timeline a caller sees.

    The agency that registered the person sees the whole story, another one only its own lines and
    those of referrals sent to it; ``everywhere`` sees all. A safety line is seen only by its own
    two agencies: in the one whose work it is as far as ``safety`` reaches, in the recipient's by
    whoever may see safety in a team's cases.
    """

    agency_id: UUID
    user_id: UUID
    everywhere: bool
    safety: Scope | None

    @property
    def received_safety(self) -> bool:
        """Whether the caller sees safety lines of what was sent to the agency."""
        return self.safety is not None and self.safety.covers(Scope.CASE_TEAM)

    @classmethod
    def of(cls, principal: Principal) -> Reach:
        """Return how far the caller sees."""
        return cls(
            agency_id=principal.agency_id,
            user_id=principal.user_id,
            everywhere=principal.scope("timeline:read") is Scope.NETWORK,
            safety=principal.scope("safety:read"),
        )


@dataclass(frozen=True, kw_only=True)
class Fragility:
    """When a screening shows a person in a fragile condition."""

    levels: frozenset[str]
    profiles: frozenset[str]
    domains_left_out: frozenset[str]

    def shown_by(self, screening: ScreeningCompleted) -> bool:
        """Tell it without the safety answers: a total that grows would tell one of them."""
        return screening.profile_without_safety in self.profiles or any(
            level in self.levels
            for domain, level in screening.levels.items()
            if domain not in self.domains_left_out
        )


@dataclass(frozen=True, kw_only=True)
class Participant:
    """A known person at qualifying gatherings, with what is known of the person, if anything is."""

    person_id: UUID
    participations: int
    gender: Gender | None
    migratory_background: bool | None
    fragile: bool | None

    @property
    def counts(self) -> bool:
        """Tell whether the person is one of those whom the project is for."""
        return bool(self.migratory_background and self.fragile)

    @property
    def could_count(self) -> bool:
        """Tell whether only something unknown keeps the person from counting."""
        return not self.counts and False not in (self.migratory_background, self.fragile)


@dataclass(frozen=True, kw_only=True)
class Presences:
    """Heads at gatherings, the sheets that tell them, and the gatherings held without a sheet."""

    heads: int
    sheets: int
    without_sheet: int


@dataclass(frozen=True, kw_only=True)
class Attended:
    """Everything that a measure may count: who and how many came to gatherings of some kinds."""

    participants: Sequence[Participant]
    presences: Presences


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A value, the records it rests on, and those left out because a fact is unknown."""

    value: int | None
    counted: int
    unknown: int


def fragile_participants(attended: Attended) -> Figure:
    """Count the distinct fragile persons with a migratory background who took part."""
    counting = [each for each in attended.participants if each.counts]
    return Figure(
        value=len(counting),
        counted=sum(each.participations for each in counting),
        unknown=sum(each.could_count for each in attended.participants),
    )


def share_of_women(attended: Attended) -> Figure:
    """Return the percentage of women among those of known gender, rounded down.

    Rounding to the nearest would show a target as reached that is not.
    """
    genders = [each.gender for each in attended.participants if each.counts]
    known = [gender for gender in genders if gender not in (None, Gender.UNKNOWN)]
    women = sum(gender is Gender.FEMALE for gender in known)
    return Figure(
        value=100 * women // len(known) if known else None,
        counted=len(known),
        unknown=len(genders) - len(known),
    )


def presences(attended: Attended) -> Figure:
    """Add up the heads; how many persons they were is not known without a repeat rate."""
    counts = attended.presences
    return Figure(value=counts.heads, counted=counts.sheets, unknown=counts.without_sheet)


MEASURES: Final[dict[str, Callable[[Attended], Figure]]] = {
    measure.__name__: measure for measure in (fragile_participants, share_of_women, presences)
}


@dataclass(frozen=True, kw_only=True)
class Promise:
    """An indicator as the project promised it, and what counts for it."""

    code: str
    measure: str
    kinds: frozenset[GatheringKind]
    name_it: str
    name_en: str
    target: int
    unit_it: str
    unit_en: str
    note_it: str | None = None
    note_en: str | None = None

    def kept(self, attended: Attended) -> Indicator:
        """Return where the indicator stands."""
        figure = MEASURES[self.measure](attended)
        return Indicator(
            code=self.code,
            name_it=self.name_it,
            name_en=self.name_en,
            target=self.target,
            unit_it=self.unit_it,
            unit_en=self.unit_en,
            note_it=self.note_it,
            note_en=self.note_en,
            value=figure.value,
            counted=figure.counted,
            unknown=figure.unknown,
        )


@dataclass(frozen=True, kw_only=True)
class Period:
    """Whole days, both included."""

    first: date
    last: date

    @property
    def since(self) -> datetime:
        """The instant at which the period begins."""
        return datetime.combine(self.first, time(), HERE)

    @property
    def until(self) -> datetime:
        """The instant at which the period is over."""
        return datetime.combine(self.last + timedelta(days=1), time(), HERE)


@dataclass(frozen=True, kw_only=True)
class Project:
    """What the project promised, over which window, and who wrote it."""

    window: Period
    source_it: str
    source_en: str
    fragility: Fragility
    promises: tuple[Promise, ...]

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Project:
        """Read the dated configuration."""
        return cls(
            window=Period(
                first=date.fromisoformat(data["window"]["from"]),
                last=date.fromisoformat(data["window"]["to"]),
            ),
            source_it=data["source_it"],
            source_en=data["source_en"],
            fragility=Fragility(
                **{name: frozenset(values) for name, values in data["fragility"].items()}
            ),
            promises=tuple(
                Promise(**{**each, "kinds": frozenset(map(GatheringKind, each["kinds"]))})
                for each in data["indicators"]
            ),
        )

    def period(self, first: date | None, last: date | None) -> Period:
        """Return the period asked for; where a day is left open, the window's.

        Raises:
            InvalidRequest: the period ends before it begins.

        """
        period = Period(first=first or self.window.first, last=last or self.window.last)
        if period.last < period.first:
            raise InvalidRequest(
                "The period ends before it begins.",
                fields={"period_to": [f"Must not be before {period.first}."]},
            )
        return period
