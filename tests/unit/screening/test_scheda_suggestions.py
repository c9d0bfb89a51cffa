"""What levels suggest: service areas, pathways, and the person's decisions about them."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.referrals import Mode
from contracts.screening import (
    Choice,
    Decision,
    DomainResult,
    Level,
    LevelReason,
    SuggestedArea,
)
from services.screening.domain.suggestions import (
    ChoicesInvalid,
    Results,
    decide,
    evaluate,
    suggest_areas,
)
from tests.support.scheda import SCHEDA, interview, pathways


def areas(**levels: str) -> dict[str, SuggestedArea]:
    """Return the areas that these levels of domains trigger, by category."""
    results = [
        DomainResult(domain=domain, level=Level(level), reasons=(LevelReason.THRESHOLD,))
        for domain, level in levels.items()
    ]
    return {area.category: area for area in suggest_areas(SCHEDA, results)}


@pytest.mark.parametrize("section", SCHEDA.sections, ids=lambda section: section.code)
@pytest.mark.parametrize(
    ("level", "mode"),
    [("L1", Mode.INFORMATION), ("L2", Mode.WARM), ("L3", Mode.PRIORITY)],
)
def test_each_level_triggers_its_categories(section: Any, level: str, mode: Mode) -> None:
    """The table of triggers is followed to the letter, in the mode of the level."""
    found = areas(**{section.code: level})
    assert tuple(found) == SCHEDA.triggers[section.code][Level(level)]
    assert {area.mode for area in found.values()} <= {mode}


@pytest.mark.parametrize("level", ["L0", "ND", "NA"])
def test_no_need_triggers_nothing(level: str) -> None:
    """A level that is open is no need."""
    assert areas(ECO=level) == {}


def test_category_of_several_domains_is_suggested_once() -> None:
    """ACC.4 from documents and income becomes one area with both domains."""
    found = areas(DOC="L1", ECO="L2")
    assert found["ACC.4"].domains == ("DOC", "ECO")


def test_highest_level_gives_the_mode() -> None:
    """The more serious domain decides how much accompaniment there is."""
    assert areas(DOC="L1", ECO="L2")["ACC.4"].mode is Mode.WARM
    assert areas(DOC="L2", ECO="L2")["ACC.4"].mode is Mode.WARM
    assert areas(LIN="L3", ACC="L3")["ACC.3"].mode is Mode.PRIORITY


def test_area_is_safety_only_if_every_domain_is() -> None:
    """Protection of minors is suggested by school too, and emergency by safety alone."""
    found = areas(SIC="L3", FIG="L3")
    assert {code for code, area in found.items() if area.safety} == {"SIC.1", "SIC.2", "ACC.5"}


WORK = {"LAV1": "d", "LAV2": "c", "LAV3": "d", "LAV4": "b", "LAV5": ["a"]}
"""A serious need of work, ready within three months, wants a job."""


@pytest.mark.parametrize(
    ("pathway", "answers", "facts", "suggested"),
    [
        pytest.param("ITA", {"LIN1": "c", "LIN2": "c", "LIN3": "a"}, {}, True, id="ITA"),
        pytest.param("ITA", {"LIN1": "a", "LIN2": "a", "LIN3": "a"}, {}, False, id="ITA-fluent"),
        pytest.param("ITA", {"LIN1": "PNR", "LIN2": "d", "LIN3": "c"}, {}, False, id="ITA-no-lin"),
        pytest.param("ITA", {}, {"mother_tongue_it": True}, False, id="ITA-mother-tongue"),
        pytest.param("ORG", WORK | {"LIN1": "c"}, {}, True, id="ORG"),
        pytest.param("ORG", WORK | {"LIN1": "d"}, {}, False, id="ORG-pre-A1"),
        pytest.param("ORG", WORK, {}, False, id="ORG-no-lin"),
        pytest.param("ORG", WORK, {"mother_tongue_it": True}, True, id="ORG-mother-tongue"),
        pytest.param("ORG", WORK | {"LIN1": "c", "CAS1": "d"}, {}, False, id="ORG-urgent"),
        pytest.param("ORG", {"LAV1": "a", "LIN1": "a"}, {}, False, id="ORG-employed"),
        pytest.param("ORI", WORK, {}, True, id="ORI"),
        pytest.param("ORI", {"LAV1": "a", "LAV5": ["e"]}, {}, True, id="ORI-wants-to-know"),
        pytest.param("ORI", {"LAV1": "a", "LAV5": ["a"]}, {}, False, id="ORI-no-need"),
        pytest.param("ORI", WORK | {"LAV5": ["f"]}, {}, False, id="ORI-nothing-now"),
        pytest.param("ORI", WORK | {"LAV5": ["a", "f"]}, {}, True, id="ORI-nothing-and-more"),
        pytest.param("ORI", WORK | {"LAV5": None}, {}, True, id="ORI-interest-not-asked"),
        pytest.param("ORI", WORK | {"SAL4": "c"}, {}, False, id="ORI-urgent"),
        pytest.param("DOT", WORK, {}, True, id="DOT"),
        pytest.param("DOT", WORK | {"LAV4": "c"}, {}, False, id="DOT-later"),
        pytest.param("DOT", WORK | {"LAV4": "PNR"}, {}, False, id="DOT-start-not-told"),
        pytest.param("DOT", WORK | {"LAV1": "NS"}, {}, False, id="DOT-condition-not-told"),
        pytest.param("DOT", WORK, {"age": 17}, False, id="DOT-minor"),
        pytest.param("DOT", WORK, {"age": 18}, True, id="DOT-just-of-age"),
        pytest.param("DOT", WORK, {"resident_project_town": False}, False, id="DOT-elsewhere"),
        pytest.param("DOT", WORK | {"ECO1": "d"}, {}, False, id="DOT-urgent"),
        pytest.param("TIR", WORK | {"LIN1": "c"}, {}, True, id="TIR"),
        pytest.param("TIR", WORK | {"LIN1": "c", "LAV5": ["b"]}, {}, True, id="TIR-traineeship"),
        pytest.param("TIR", WORK | {"LIN1": "c", "LAV5": ["c"]}, {}, False, id="TIR-course"),
        pytest.param("TIR", WORK | {"LIN1": "d"}, {}, False, id="TIR-pre-A1"),
        pytest.param("TIR", WORK | {"LIN1": "c", "LAV4": "c"}, {}, False, id="TIR-later"),
        pytest.param("TIR", WORK | {"LIN1": "c"}, {"age": 15}, False, id="TIR-too-young"),
        pytest.param("TIR", WORK | {"LIN1": "c"}, {"age": 16}, True, id="TIR-just-old-enough"),
        pytest.param(
            "TIR",
            WORK | {"LIN1": "c"},
            {"permit_allows_traineeship": False},
            False,
            id="TIR-permit",
        ),
        pytest.param("TIR", WORK | {"LIN1": "c", "CON3": ["n"]}, {}, False, id="TIR-never-free"),
        pytest.param("TIR", WORK | {"LIN1": "c", "CON3": ["a", "n"]}, {}, True, id="TIR-morning"),
        pytest.param("TIR", WORK | {"LIN1": "c", "CON3": "NS"}, {}, True, id="TIR-times-unknown"),
        pytest.param("TIR", WORK | {"LIN1": "c", "CAS1": "d"}, {}, False, id="TIR-urgent"),
        pytest.param("TIS", WORK, {"in_charge_public_service": True}, True, id="TIS"),
        pytest.param("TIS", WORK, {}, False, id="TIS-not-in-charge"),
        pytest.param(
            "TIS",
            WORK | {"LAV4": "c", "LAV5": ["e"]},
            {"in_charge_public_service": True},
            True,
            id="TIS-later",
        ),
        pytest.param(
            "TIS", WORK | {"LAV5": ["d"]}, {"in_charge_public_service": True}, False, id="TIS-own"
        ),
        pytest.param(
            "TIS",
            WORK | {"CON3": ["n"]},
            {"in_charge_public_service": True},
            False,
            id="TIS-never-free",
        ),
        pytest.param("IMP", {"LAV5": ["d"], "LIN1": "b"}, {}, True, id="IMP"),
        pytest.param("IMP", {"LAV5": ["d"], "LIN1": "c"}, {}, False, id="IMP-A1"),
        pytest.param("IMP", {"LAV5": ["a"], "LIN1": "a"}, {}, False, id="IMP-job"),
        pytest.param("IMP", {"LAV5": "NS", "LIN1": "a"}, {}, False, id="IMP-not-known"),
        pytest.param("CON", {"CON1": "b", "CON3": ["n"]}, {}, True, id="CON"),
        pytest.param("CON", {"CON1": "a"}, {}, False, id="CON-no-care"),
        pytest.param("CUL", {"RET1": "c", "RET2": "c"}, {}, True, id="CUL-alone"),
        pytest.param("CUL", {"RET4": "b"}, {}, True, id="CUL-maybe"),
        pytest.param("CUL", {"RET4": "c"}, {}, False, id="CUL-no"),
        pytest.param("CUL", {"RET4": "PNR"}, {}, False, id="CUL-not-told"),
        pytest.param("PAI", {"ACC2": "d", "ACC3": "c"}, {}, True, id="PAI-P2"),
        pytest.param("PAI", {"CAS1": "d"}, {}, True, id="PAI-P3"),
        pytest.param("PAI", {"ACC3": "c"}, {}, False, id="PAI-P1"),
    ],
)
def test_pathway_rule(
    pathway: str, answers: dict[str, Any], facts: dict[str, Any], *, suggested: bool
) -> None:
    """Each condition of each pathway's rule counts."""
    given = {item: answer for item, answer in answers.items() if answer is not None}
    assert (pathway in pathways(given, **facts)) is suggested


def test_safety_can_also_withhold_a_pathway() -> None:
    """Urgency holds work pathways back; without the safety answers they are suggested."""
    results = evaluate(interview(WORK | {"LIN1": "a", "SIC1": "y", "SIC2": "c", "SIC3": "a"}))
    assert "ORI" not in {pathway.code for pathway in results.full.pathways}
    assert "ORI" in {pathway.code for pathway in results.without_safety.pathways}
    assert not any(pathway.safety for pathway in results.without_safety.pathways)


def evaluated() -> Results:
    """Return a result with areas of work and the pathways ORI, DOT and PAI."""
    return evaluate(interview(WORK))


def choice(kind: str, code: str, decision: str, reason: str | None = None) -> Choice:
    """Return a choice about a suggestion."""
    data = {"kind": kind, "code": code, "decision": decision}
    return Choice.load(data if reason is None else {**data, "reason": reason})


def refusal(*choices: Choice) -> dict[str, list[str]]:
    """Return what is said of refused choices."""
    with pytest.raises(ChoicesInvalid) as refused:
        decide(evaluated(), choices)
    return refused.value.fields


def test_choices_stand_on_their_suggestions() -> None:
    """Decision and reason are kept beside what they are about; the rest is undecided."""
    decided = decide(
        evaluated(),
        (
            choice("area", "LAV.3", "agreed"),
            choice("area", "LAV.4", "to_discuss"),
            choice("pathway", "DOT", "refused", "not-now"),
        ),
    )
    for result in (decided.full, decided.without_safety):
        by_area = {area.category: area.decision for area in result.areas}
        assert by_area == {
            "LAV.3": Decision.AGREED,
            "LAV.4": Decision.TO_DISCUSS,
            "LAV.5": Decision.UNDECIDED,
        }
        by_pathway = {pathway.code: pathway for pathway in result.pathways}
        assert by_pathway["DOT"].decision is Decision.REFUSED
        assert by_pathway["DOT"].reason == "not-now"
        assert by_pathway["ORI"].decision is Decision.UNDECIDED


def test_refusal_does_not_lower_the_level() -> None:
    """What the person does not want is still a need."""
    before = evaluated()
    after = decide(before, (choice("area", "LAV.3", "refused", "not-interested"),))
    assert before.full.domains == after.full.domains
    assert before.full.profile == after.full.profile


def test_choice_of_what_is_not_suggested_is_refused() -> None:
    """The field is named by its place in the list; an area is no pathway."""
    fields = refusal(
        choice("area", "LAV.3", "agreed"),
        choice("area", "SIC.1", "agreed"),
        choice("pathway", "LAV.3", "agreed"),
    )
    assert list(fields) == ["choices.1.code", "choices.2.code"]


def test_second_choice_of_the_same_is_refused() -> None:
    """Nobody could tell which of two holds."""
    fields = refusal(choice("pathway", "ORI", "agreed"), choice("pathway", "ORI", "to_discuss"))
    assert list(fields) == ["choices.1.code"]


def test_refusal_needs_a_reason() -> None:
    """Without a reason the network learns nothing."""
    assert list(refusal(choice("pathway", "ORI", "refused"))) == ["choices.0.reason"]


def test_only_a_refusal_has_a_reason() -> None:
    """A reason for agreeing is a mistake of the client."""
    fields = refusal(choice("pathway", "ORI", "agreed", "not-now"))
    assert list(fields) == ["choices.0.reason"]
