"""The scheda di screening: its form, a person's answers, what they mean and what they suggest.

Whatever could reveal an answer of the safety domain is marked ``safety`` and computed a second
time without those answers: who may not see safety gets the second result whole, so that nothing
can be told from totals.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from contracts.language import (
    About,
    Code,
    Command,
    Event,
    LanguageTag,
    Many,
    Municipality,
    Number,
    Query,
    Resource,
    Text,
)
from contracts.pathways import RefusalReason
from contracts.referrals import Mode

FormVersion = Annotated[str, Text(maximum=20, pattern=r"^\d+\.\d+$", about="Version of the form")]
Label = Annotated[str, Text(maximum=300)]


class CitizenshipGroup(StrEnum):
    """What the form needs to know of citizenship, and no more."""

    IT = "IT"
    EU = "EU"
    EXTRA_EU = "EXTRA_EU"
    APOLIDE = "APOLIDE"


class Gender(StrEnum):
    """Administrative gender; ``other`` and ``unknown`` are answers like any other."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"


class ScreeningMode(StrEnum):
    """The whole form, or its twelve questions for the hubs."""

    FULL = "full"
    BRIEF = "brief"


class ScreeningStatus(StrEnum):
    """A draft takes answers; a completed screening never changes."""

    DRAFT = "draft"
    COMPLETED = "completed"


class Level(StrEnum):
    """How serious a need is; ``ND`` is to be completed, ``NA`` was not asked or does not apply."""

    L0 = "L0"
    L1 = "L1"
    L2 = "L2"
    L3 = "L3"
    ND = "ND"
    NA = "NA"


class Profile(StrEnum):
    """How much accompaniment the needs ask for taken together."""

    P0 = "P0"
    P1 = "P1"
    P2 = "P2"
    P3 = "P3"


class Term(StrEnum):
    """How soon something must be done: the same day, or within two working days."""

    SAME_DAY = "0d"
    TWO_WORKING_DAYS = "2wd"


class LevelReason(StrEnum):
    """Which rule decided, or changed, a level."""

    THRESHOLD = "threshold"
    NO_NEED = "no-need"
    SINGLE_POINT = "single-point"
    SINGLE_ANSWER = "single-answer"
    ITEM_AT_MAXIMUM = "item-at-maximum"
    OPTION_MINIMUM = "option-minimum"
    CRITICAL_ANSWER = "critical-answer"
    FEW_ANSWERS = "few-answers"
    NOT_PRIVATE = "not-private"
    NOT_APPLICABLE = "not-applicable"
    NOT_IN_FORM = "not-in-form"


class TaskCode(StrEnum):
    """What the worker should come back to."""

    COMPLETE_DOMAIN = "complete-domain"
    REPEAT_SAFETY_IN_PRIVATE = "repeat-safety-in-private"


class SuggestionKind(StrEnum):
    """A suggestion is a service area (a category of the catalogue) or a pathway."""

    AREA = "area"
    PATHWAY = "pathway"


class Decision(StrEnum):
    """What the person said of a suggestion; ``undecided`` when nothing was recorded."""

    AGREED = "agreed"
    REFUSED = "refused"
    TO_DISCUSS = "to_discuss"
    UNDECIDED = "undecided"


class ScreeningContext(Resource):
    """The coded facts about a person that the form and its rules depend on."""

    citizenship_group: CitizenshipGroup
    mother_tongue_it: bool
    studied_abroad: bool
    minors_0_5: Annotated[int, Number(minimum=0, maximum=30)]
    minors_6_16: Annotated[int, Number(minimum=0, maximum=30)]
    minors_0_17: Annotated[int, Number(minimum=0, maximum=30)]
    age: Annotated[int, Number(minimum=0, maximum=130)]
    resident_project_town: bool
    permit_allows_traineeship: bool
    in_charge_public_service: bool
    gender: Gender = Gender.UNKNOWN
    migratory_background: bool | None = None
    municipality: Municipality | None = None
    language: LanguageTag | None = None


class Choice(Resource):
    """What the person decided about one suggestion."""

    kind: SuggestionKind
    code: Annotated[Code, About("Category of the catalogue, or code of the pathway")]
    decision: Decision
    reason: Annotated[RefusalReason | None, About("Required when refused, else absent")] = None


class SuggestedArea(Resource):
    """A service area that the levels suggest, once however many domains trigger it."""

    category: Code
    domains: tuple[Code, ...]
    mode: Mode
    safety: Annotated[bool, About("Only answers of the safety domain suggest it")] = False
    decision: Decision = Decision.UNDECIDED
    reason: RefusalReason | None = None


class SuggestedPathway(Resource):
    """A pathway whose rule the screening fulfils."""

    code: Code
    safety: Annotated[bool, About("Without the safety answers it would not be suggested")] = False
    decision: Decision = Decision.UNDECIDED
    reason: RefusalReason | None = None


class Urgency(Resource):
    """An answer that asks for something to be done within a term."""

    item: Code
    term: Term


class DomainResult(Resource):
    """The level of one domain, its index from 0 to 100 if it has one, and the rules behind it."""

    domain: Code
    level: Level
    index: Annotated[int | None, Number(minimum=0, maximum=100)] = None
    reasons: tuple[LevelReason, ...]


class Task(Resource):
    """Something left to do in a domain before its level can be known."""

    code: TaskCode
    domain: Code


class ScreeningResult(Resource):
    """What the answers mean and suggest; who may not see safety gets it without that domain."""

    domains: tuple[DomainResult, ...]
    profile: Profile
    urgent: tuple[Urgency, ...]
    areas: tuple[SuggestedArea, ...]
    pathways: tuple[SuggestedPathway, ...]
    tasks: tuple[Task, ...]
    safety_included: Annotated[bool, About("Whether the safety domain is part of this view")]


class AnswerMark(Resource):
    """When the answer to a question was last changed or cleared, by whom, and to which version."""

    answered_at: datetime
    answered_by: UUID
    version: Annotated[int, About("Of the screening, with this change in it")]


class Screening(Resource):
    """A screening as its caller may see it; ``result`` only when completed."""

    screening_id: UUID
    person_id: UUID
    case_id: UUID | None = None
    agency_id: UUID
    worker_id: UUID
    form_version: FormVersion
    mode: ScreeningMode
    language: LanguageTag | None = None
    status: ScreeningStatus
    version: Annotated[int, About("Send it back with the next change")]
    context: ScreeningContext
    answers: Annotated[
        dict[Code, Any], About("By item: an option's code, a list of codes, NS or PNR")
    ]
    visible: Annotated[tuple[Code, ...], About("Questions to ask now, in order")]
    missing: Annotated[tuple[Code, ...], About("Questions to answer before completing")]
    started_at: datetime
    changed_at: datetime
    completed_at: datetime | None = None
    result: ScreeningResult | None = None
    changed_by: Annotated[
        UUID | None, About("Who made the last change; absent where it is not known")
    ] = None
    marks: Annotated[
        dict[Code, AnswerMark] | None,
        About("By item; absent for who may not take part in the interview"),
    ] = None


class SavedAnswers(Resource):
    """The draft after a change, with the answers removed because nobody asks their question now."""

    screening: Screening
    removed: tuple[Code, ...]


class ScreeningSummary(Resource):
    """One row of a list of screenings."""

    screening_id: UUID
    person_id: UUID
    case_id: UUID | None = None
    agency_id: UUID
    worker_id: UUID
    form_version: FormVersion
    mode: ScreeningMode
    status: ScreeningStatus
    profile: Profile | None = None
    started_at: datetime
    changed_at: datetime
    completed_at: datetime | None = None
    changed_by: Annotated[
        UUID | None, About("Who made the last change; absent where it is not known")
    ] = None


class ScreeningPage(Resource):
    """Screenings in the caller's reach, newest first."""

    items: tuple[ScreeningSummary, ...]
    next_cursor: str | None = None


class Direction(StrEnum):
    """In which direction a language is written."""

    LTR = "ltr"
    RTL = "rtl"


class TextState(StrEnum):
    """Whether somebody who knows the language and the interviews has been through the texts."""

    DRAFT = "draft"
    REVIEWED = "reviewed"


class Reviewer(StrEnum):
    """In which capacity somebody reviewed the texts."""

    MEDIATOR = "mediator"
    TRANSLATOR = "translator"


class FormLanguage(Resource):
    """A language that the form can be shown in, beside Italian and English."""

    language: LanguageTag
    direction: Direction
    state: TextState
    reviewed_on: date | None = None
    reviewed_by: Reviewer | None = None
    translated: Annotated[int, About("How many texts there are in the language")]
    texts: Annotated[int, About("How many texts the form has")]


Translated = Annotated[
    str,
    Text(
        maximum=300,
        about="In the language asked for; absent where there is none: read the Italian one",
    ),
]


class FormOption(Resource):
    """One possible answer."""

    code: Code
    it: Label
    en: Label
    text: Translated | None = None


class FormItem(Resource):
    """One question, with the condition under which it is asked."""

    code: Code
    domain: Code
    kind: Annotated[str, About("scored, info or gate")]
    it: Label
    en: Label
    text: Translated | None = None
    note: str | None = None
    multiple: bool
    brief: bool
    special_category: Annotated[bool, About("Special category of data, article 9 GDPR")]
    required: bool
    options: tuple[FormOption, ...]
    show_if: Annotated[
        Any, About("Absent: always; else a list of [fact, operator, value] that must all hold")
    ] = None


class FormSection(Resource):
    """A domain of the form, in the order in which it is asked."""

    code: Code
    it: Label
    en: Label
    text: Translated | None = None
    safety: bool
    vital: bool


class FormLabel(Resource):
    """The name of a coded thing, in both languages."""

    code: Code
    it: Label
    en: Label
    text: Translated | None = None


class Form(Resource):
    """A version of the form, ready to be shown."""

    version: FormVersion
    valid_from: date
    source: str
    sections: tuple[FormSection, ...]
    items: tuple[FormItem, ...]
    missing_codes: Annotated[tuple[FormLabel, ...], About("Accepted by every question")]
    profiles: tuple[FormLabel, ...]
    pathways: tuple[FormLabel, ...]
    language: Annotated[
        LanguageTag | None, About("Of each text; absent when the form has none in it")
    ] = None
    languages: Annotated[
        tuple[FormLanguage, ...], About("What can be asked for, beside Italian and English")
    ] = ()


class StartScreening(
    Command[Screening], service="screening", method="start_screening", permission="screening:write"
):
    """Start a screening of a person with the form in force; the context comes from intake."""

    person_id: UUID
    case_id: UUID | None = None
    mode: ScreeningMode
    language: Annotated[LanguageTag | None, About("Language of the interview")] = None
    context: ScreeningContext


class SaveAnswers(
    Command[SavedAnswers], service="screening", method="save_answers", permission="screening:write"
):
    """Add, change or clear some answers of a draft: all of them are accepted, or none.

    An old version is refused. To merge, answers typed at an old version are accepted if nobody else
    has changed them, or what they remove, since then; else the refusal names each such question.
    """

    screening_id: UUID
    version: Annotated[int, About("The version of the screening that the writer has seen")]
    merge: Annotated[bool, About("Accept an old version where nobody else changed the same")] = (
        False
    )
    answers: Annotated[
        dict[Code, Any],
        Many(
            minimum=1,
            maximum=200,
            about="By item: an option's code, a list of them, NS, PNR, or null to clear",
        ),
    ]


class CompleteScreening(
    Command[Screening],
    service="screening",
    method="complete_screening",
    permission="screening:write",
):
    """Close a draft: it is scored, and its suggestions go out with the person's choices."""

    screening_id: UUID
    version: int
    choices: Annotated[tuple[Choice, ...], Many(maximum=100)] = ()


class GetScreening(
    Query[Screening], service="screening", method="get_screening", permission="screening:read"
):
    """Show one screening."""

    screening_id: UUID


class PreviewScreening(
    Query[ScreeningResult],
    service="screening",
    method="preview_screening",
    permission="screening:read",
):
    """Show what the answers so far mean and suggest, to talk it over before completing."""

    screening_id: UUID


class ListScreenings(
    Query[ScreeningPage], service="screening", method="list_screenings", permission="screening:read"
):
    """Show the screenings of a person, or of the caller's agency."""

    person_id: UUID | None = None
    status: ScreeningStatus | None = None
    cursor: Annotated[str | None, Text(maximum=200)] = None
    limit: Annotated[int, Number(minimum=1, maximum=100)] = 20


class GetForm(Query[Form], service="screening", method="get_form", permission="screening:read"):
    """Show a version of the form; without a version, the one in force."""

    version: FormVersion | None = None
    language: Annotated[
        LanguageTag | None, About("Also show what texts there are in this language")
    ] = None


class ScreeningStarted(
    Event, type="screening.started.v1", source="screening", subject="screening_id"
):
    """A worker began to ask."""

    screening_id: UUID
    person_id: UUID
    case_id: UUID | None = None
    agency_id: UUID
    worker_id: UUID
    form_version: FormVersion
    mode: ScreeningMode
    started_at: datetime


class ScreeningCompleted(
    Event, type="screening.completed.v1", source="screening", subject="screening_id"
):
    """A screening was scored and the person has said what to do next.

    It tells everything, safety included, and is therefore always restricted. The fields that end in
    ``_without_safety`` are for who may not see safety. A pathway can also be absent *because* of a
    safety answer, so the pathways without safety are not simply a part of all of them.
    """

    starts_cascade = True

    screening_id: UUID
    person_id: UUID
    case_id: UUID | None = None
    agency_id: UUID
    worker_id: UUID
    form_version: FormVersion
    mode: ScreeningMode
    completed_at: datetime
    context: ScreeningContext
    levels: dict[Code, Level]
    indexes: Annotated[dict[Code, int], About("A domain that has no index is absent")]
    urgent: tuple[Urgency, ...]
    profile: Profile
    profile_without_safety: Profile
    areas: tuple[SuggestedArea, ...]
    pathways: tuple[SuggestedPathway, ...]
    pathways_without_safety: tuple[Code, ...]
    safety: bool = True
