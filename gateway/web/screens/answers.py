"""The form of a draft, section by section: shown, saved as it is filled in, turned around."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from flask_babel import gettext as _

from chassis.errors import ServiceError
from contracts.screening import (
    AnswerMark,
    GetScreening,
    SaveAnswers,
    Screening,
    ScreeningStatus,
)
from gateway.web.answering import Typed, read_typed
from gateway.web.interview import (
    Codes,
    Interview,
    Section,
    Voice,
    interview_of,
    spoken_languages,
)
from gateway.web.naming import names_of
from gateway.web.screen import Go, Outcome, Page, Screen, Visit

PERSON: Final = "person"
"""The view that is turned to the person."""

RECENTLY: Final = timedelta(minutes=10)
"""For how long somebody who answered counts as still at it."""

_ANSWERS: Final = "answers."
_OVERTAKEN: Final = "answers-conflict"
_CLOSED: Final = "screening-completed"
_NOT_CONDUCTING: Final = "not-conducting"
_TWO_STEPS: Final = {"before": -1, "after": 1}


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A draft after saving, with everything that the worker should hear of it."""

    screening: Screening
    removed: Codes = ()
    conflicts: Mapping[str, Codes] | None = None
    dropped: Codes = ()
    typed: Typed | None = None


def show_section(visit: Visit, screening: Screening) -> Outcome:
    """Show the section that was asked for, else the first one with something left to answer."""
    return _page(visit, Kept(screening=screening), code=visit.query.get("section"))


def take_answers(visit: Visit) -> Outcome:
    """Save what changed in a section, then go where the button says or show what it led to."""
    address = f"/screenings/{visit.path['screening_id']}"
    scheda = visit.speaker.reference.form(visit.form.get("form_version"))
    typed = read_typed(visit.form, scheda)
    try:
        kept = _save(visit, visit.path["screening_id"], typed, typed.answers(scheda))
    except ServiceError as refusal:
        if refusal.slug == _CLOSED:
            return Go(to=address, said=_("Questa scheda è già stata completata da qualcun altro."))
        if refusal.slug == _NOT_CONDUCTING:
            return Go(to=address)
        raise
    verb, _colon, where = visit.form.get("do", "").partition(":")
    if verb == "go" and not kept.conflicts:
        return Go(to=_onward(visit, kept.screening, where))
    return _page(visit, kept, code=visit.form.get("section"))


def _save(visit: Visit, screening_id: UUID, typed: Typed, answers: Mapping[str, Any]) -> Kept:
    """Send what changed; what cannot be saved so does not keep the rest from being saved."""
    if not answers:
        screening = visit.ask(GetScreening(screening_id=screening_id))
        return Kept(screening=screening, conflicts=typed.waiting, typed=typed)
    try:
        saved = visit.ask(
            SaveAnswers(
                screening_id=screening_id,
                version=typed.version,
                merge=True,
                answers=dict(answers),
            )
        )
    except ServiceError as refusal:
        named = {path.removeprefix(_ANSWERS) for path in refusal.fields if _ANSWERS in path}
        if not named:
            raise
        # A refusal may name only answers that would have gone together with those typed.
        faulty = {code for code in answers if code in named} or set(answers)
        rest = {code: given for code, given in answers.items() if code not in faulty}
        kept = _save(visit, screening_id, typed.without(faulty), rest)
        overtaken = refusal.slug == _OVERTAKEN
        mine = {code: typed.changed[code] for code in faulty if overtaken}
        return Kept(
            screening=kept.screening,
            removed=kept.removed,
            conflicts={**(kept.conflicts or {}), **mine},
            dropped=kept.dropped if overtaken else (*kept.dropped, *sorted(faulty)),
            typed=kept.typed,
        )
    return Kept(
        screening=saved.screening, removed=saved.removed, conflicts=typed.waiting, typed=typed
    )


def _page(visit: Visit, kept: Kept, *, code: str | None) -> Page:
    """Return the page of a section, or the part of it that a save may have changed."""
    screening = kept.screening
    spoken = _language(visit, screening)
    form = visit.speaker.reference.form(screening.form_version, spoken)
    interview = interview_of(screening, form)
    section = interview.section(code)
    facing = visit.query.get("view", visit.form.get("view")) == PERSON
    conflicts = {
        question.code: mine
        for question in section.questions
        if (mine := (kept.conflicts or {}).get(question.code)) is not None
        and set(mine) != set(question.answer)
    }
    context: dict[str, Any] = {
        "interview": interview,
        "screening": screening,
        "section": section,
        "voice": Voice(form=form, desk=visit.language, person=spoken),
        "spoken_language": spoken,
        "form_languages": spoken_languages(form),
        "translation": next((each for each in form.languages if each.language == spoken), None),
        "conflicts": conflicts,
        "facing": facing,
        "locked": not (is_draft(screening) and may_write(visit, screening)),
        "colleague_at_work": _at_work(visit, screening),
        "heard": _heard(interview, section, kept),
    }
    status = HTTPStatus.CONFLICT if conflicts else HTTPStatus.OK
    if visit.live:
        return Page(template="screenings/section.html", context=context, status=status)
    context["named"] = names_of(visit, (screening.person_id,)).get(screening.person_id)
    template = "screenings/facing.html" if facing else "screenings/draft.html"
    return Page(template=template, context=context, status=status)


def _language(visit: Visit, screening: Screening) -> str:
    """Return the language shown beside the worker's: chosen just now, else the interview's."""
    asked = visit.query.get("language") or visit.form.get("language")
    known = spoken_languages(visit.speaker.reference.form(screening.form_version))
    wanted = asked or screening.language
    return wanted if wanted in known else known[0]


def may_write(visit: Visit, screening: Screening) -> bool:
    """Tell whether the person at the desk can take part in the interview."""
    reached = visit.turn.principal.reaches(SaveAnswers.permission, screening.agency_id)
    return reached and screening.marks is not None


def _at_work(visit: Visit, screening: Screening) -> AnswerMark | None:
    """Return the latest mark of an answer that somebody else gave a short while ago."""
    me = visit.turn.principal.user_id
    others = [
        mark
        for mark in (screening.marks or {}).values()
        if mark.answered_by != me and visit.turn.now - mark.answered_at < RECENTLY
    ]
    return max(others, key=lambda mark: mark.answered_at, default=None)


def _heard(interview: Interview, section: Section, kept: Kept) -> dict[str, Any]:
    """Return what a save led to, to be read out: questions that came, answers that went."""
    items = {item.code: item for item in interview.form.items}
    typed = kept.typed
    here = {question.code: question for question in section.questions}
    appeared = [each for each in section.questions if typed and each.code not in typed.shown]
    skipped = [code for code in (typed.skipped if typed else ()) if code in here]
    return {
        "removed": [items[code] for code in kept.removed if code in items],
        "dropped": [items[code] for code in kept.dropped if code in items],
        "appeared": [each.item for each in appeared] if typed and typed.shown else [],
        "skipped": [code for code in skipped if code not in kept.dropped],
        "skipped_as": typed.skipped_as if typed else "",
    }


def _onward(visit: Visit, screening: Screening, where: str) -> str:
    """Return the address that a button leads to: a section, the first gap, or the end."""
    address = f"/screenings/{screening.screening_id}"
    interview = interview_of(screening, visit.speaker.reference.form(screening.form_version))
    view = _carried(visit)
    if where == "missing" and interview.first_missing:
        section, question = interview.first_missing
        return f"{address}?section={section.code}{view}#q-{question.code}"
    if where in _TWO_STEPS:
        here = interview.section(visit.form.get("section"))
        beside = interview.beside(here, _TWO_STEPS[where])
        where = beside.code if beside else "end"
    if where in {section.code for section in interview.walk}:
        return f"{address}?section={where}{view}"
    return f"{address}/completion"


def _carried(visit: Visit) -> str:
    """Return the parts of the address that stay the same from section to section."""
    carried = (("view", PERSON), ("language", visit.form.get("language")))
    known = {*spoken_languages(visit.speaker.reference.form()), PERSON}
    return "".join(
        f"&{name}={value}"
        for name, value in carried
        if value in known and visit.form.get(name) == value
    )


def is_draft(screening: Screening) -> bool:
    """Tell whether a screening still takes answers."""
    return screening.status is ScreeningStatus.DRAFT


SCREENS: Final = (
    Screen(
        name="answers",
        path="/screenings/{screening_id}/answers",
        takes=take_answers,
        permission=SaveAnswers.permission,
    ),
)
