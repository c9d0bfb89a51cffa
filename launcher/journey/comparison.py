"""What should have come of a screening, beside what came: every difference is one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from launcher.journey.course import Course, Json
from launcher.journey.vignettes import Area, Vignette

PLACED: Final = frozenset({"enrolled", "waiting_list"})
ENROLMENT_STATES: Final[Mapping[str, frozenset[str]]] = {
    "agreed": PLACED,
    "refused": frozenset({"refused"}),
    "to_discuss": frozenset({"proposed"}),
}
NEED_STATES: Final = {"agreed": "active", "refused": "revoked", "to_discuss": "active"}
REFERRAL_STATES: Final = {"agreed": ("requested",), "refused": (), "to_discuss": ("draft",)}


def of_context(vignette: Vignette, screening: Json) -> list[str]:
    """Compare the facts that intake derived from the invented person."""
    return _differing("fact", vignette.context, screening["context"])


def of_result(vignette: Vignette, result: Json) -> list[str]:
    """Compare levels, indexes, profile, urgency, areas and pathways."""
    expected = vignette.expected
    domains = {each["domain"]: each for each in result["domains"]}
    levels = {code: each["level"] for code, each in domains.items()}
    indexes = {code: each.get("index") for code, each in domains.items()}
    urgent = [(each["item"], each["term"]) for each in result["urgent"]]
    return [
        *_differing("level of", expected.levels, levels),
        *_differing("index of", expected.indexes, indexes),
        *_differing("the", {"profile": expected.profile}, {"profile": result["profile"]}),
        *_sets("urgent answer", expected.urgent, urgent),
        *_sets(
            "area",
            ((each.category, each.mode, each.safety) for each in expected.areas),
            ((each["category"], each["mode"], each["safety"]) for each in result["areas"]),
        ),
        *_sets("pathway", expected.pathways, (each["code"] for each in result["pathways"])),
    ]


def of_needs(course: Course) -> list[str]:
    """Compare needs and referrals with the areas, the person's decisions and the directory."""
    found = {each["category"]: each for each in course.needs}
    wanted = {each.category: each for each in course.vignette.expected.areas}
    return [
        *_sets("need", wanted, [each["category"] for each in course.needs]),
        *(
            sentence
            for category in wanted.keys() & found.keys()
            for sentence in _of_need(course, wanted[category], found[category])
        ),
    ]


def of_enrolments(course: Course) -> list[str]:
    """Compare enrolments with the suggested pathways and the person's decisions."""
    expected = course.vignette.expected.pathways
    found = {each["pathway"]: each["state"] for each in course.enrolments}
    return [
        *_sets("enrolment", expected, [each["pathway"] for each in course.enrolments]),
        *(
            f"enrolment in {code} is {found[code]} although the person said {decision}"
            for code in expected
            if code in found
            and found[code] not in ENROLMENT_STATES[decision := course.decisions["pathway", code]]
        ),
    ]


def of_timeline(course: Course, *further: tuple[str, str]) -> list[str]:
    """Name the facts that the timeline does not show; ``further`` pairs type and subject."""
    shown = {(each["type"], each["subject"]) for each in course.timeline}
    kinds = {kind for kind, _ in shown}
    subjects = {subject for _, subject in shown}
    told = {
        **{each["need_id"]: f"need of {each['category']}" for each in course.needs},
        **{each["referral_id"]: f"referral for {each['category']}" for each in course.referrals},
        **{each["enrolment_id"]: f"pathway {each['pathway']}" for each in course.enrolments},
    }
    return [
        *(f"the timeline lacks {kind}" for kind in _SURELY if kind not in kinds),
        *(f"the timeline lacks the {name}" for id_, name in told.items() if id_ not in subjects),
        *(f"the timeline lacks {kind}" for kind, id_ in further if (kind, id_) not in shown),
    ]


_SURELY: Final = (
    "person.registered.v1",
    "case.opened.v1",
    "consent.granted.v1",
    "screening.completed.v1",
)


def of_events(course: Course, *further: tuple[str, str]) -> list[str]:
    """Compare what the subscriber got of this screening with what partners may know of it."""
    sent = [each for each in course.referrals if each.get("sent_at") and not each["safety"]]
    wanted = {("referral.requested.v1", each["referral_id"]) for each in sent} | set(further)
    got = {(each["type"], each["subject"]) for each in own_events(course)}
    return _sets("event", wanted, got, show=lambda each: f"{each[0]} of referral {each[1]}")


def of_safety(course: Course) -> list[str]:
    """Name whatever the subscriber got and must not have: anything about safety."""
    guarded = {each["referral_id"] for each in course.referrals if each["safety"]}
    leaked = [
        each for each in course.events if each["data"].get("safety") or each["subject"] in guarded
    ]
    return [f"the subscriber got {each['type']} about safety" for each in leaked]


def own_events(course: Course) -> list[Json]:
    """Return the received events that are about this journey's screening."""
    own = course.screening.get("screening_id")
    return [each for each in course.events if each["data"].get("screening_id") == own]


def _of_need(course: Course, area: Area, need: Json) -> list[str]:
    decision = course.decisions["area", area.category]
    services = {each["service_id"] for each in course.directory.get(area.category, ())}
    states = REFERRAL_STATES[decision] if services else ()
    attempts = need["referrals"]
    facts = {"mode": area.mode, "safety": area.safety, "state": NEED_STATES[decision]}
    return [
        *_differing(f"need of {area.category}:", facts, need),
        *_sets(
            f"referral for {area.category} in state", states, [each["state"] for each in attempts]
        ),
        *(
            f"the referral for {area.category} went to a service that does not fit"
            for each in attempts
            if each["service_id"] not in services
        ),
        *(
            f"need of {area.category} is open without a service and does not say so"
            for unexplained in [not services and not need.get("unmatched")]
            if unexplained and decision != "refused"
        ),
    ]


def _differing(what: str, expected: Mapping[str, Any], found: Mapping[str, Any]) -> list[str]:
    return [
        f"{what} {name} should be {value}, is {found.get(name)}"
        for name, value in expected.items()
        if found.get(name) != value
    ]


def _sets(
    what: str,
    expected: Iterable[Any],
    found: Iterable[Any],
    *,
    show: Callable[[Any], str] = str,
) -> list[str]:
    """Compare two collections in which order means nothing, but number does."""
    wanted, got = Counter([*expected]), Counter([*found])
    return [
        *(f"{what} {show(each)} is missing" for each in sorted((wanted - got).elements())),
        *(f"{what} {show(each)} was not expected" for each in sorted((got - wanted).elements())),
    ]
