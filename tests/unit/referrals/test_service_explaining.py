"""What a worker is told before anything is sent: which service, why, and why not the others."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.clock import new_id
from contracts.referrals import (
    AreaMatches,
    ExplainMatches,
    Ground,
    Matches,
    Obstacle,
    WantedArea,
)
from services.referrals.domain.consent import Grant
from services.referrals.domain.explaining import SHOWN, Viewpoint, explain
from services.referrals.domain.matching import Service
from services.referrals.domain.opening import Known, plan_screening
from tests.support.referring import (
    NOW,
    ORBASSANO,
    RIVALTA,
    SENDER,
    STRANGER,
    TODAY,
    WITH_SAFETY,
    a_grant,
    a_screening,
    a_service,
    an_area,
)


def _explained(
    *services: Service,
    categories: tuple[str, ...] = ("LIN.2",),
    grants: tuple[Grant, ...] | None = None,
    safety: bool = False,
) -> Matches:
    query = ExplainMatches(
        areas=tuple(WantedArea(category=each, safety=safety) for each in categories),
        municipality=ORBASSANO,
        language="fr",
    )
    viewpoint = Viewpoint(agency_id=SENDER, grants=grants, today=TODAY)
    return explain(query, {each.service_id: each for each in services}, viewpoint)


def _only(*services: Service, **how: Any) -> AreaMatches:
    (area,) = _explained(*services, **how).items
    return area


def test_services_are_told_best_first_with_their_grounds() -> None:
    """The first says why it is the first, each other one what the first has ahead of it."""
    speaks = a_service(languages=("fr",))
    idle, busy = a_service(load=1), a_service(load=2)
    wide = a_service(categories=("LIN.1", "LIN.2"), languages=("fr",))
    found = _only(busy, idle, wide, speaks)
    assert [(each.service_id, each.ground) for each in found.fitting] == [
        (speaks.service_id, Ground.SPECIFICITY),
        (wide.service_id, Ground.SPECIFICITY),
        (idle.service_id, Ground.LANGUAGE),
        (busy.service_id, Ground.LANGUAGE),
    ]
    assert (found.unmatched, found.left_out) == ((), 0)


def test_only_candidate_is_said_to_be_that() -> None:
    """Where there is no choice, none is claimed."""
    assert _only(a_service()).fitting[0].ground is Ground.ONLY_CANDIDATE


def test_what_does_not_fit_is_told_with_all_its_obstacles() -> None:
    """Those nearest to fitting come first; another category is no answer at all."""
    far = a_service(municipalities=(RIVALTA,))
    worse = a_service(municipalities=(RIVALTA,), review_due_on=TODAY)
    found = _only(worse, far, a_service(categories=("LIN.1",)))
    assert [(each.service_id, each.obstacles) for each in found.unfit] == [
        (far.service_id, (Obstacle.OUT_OF_AREA,)),
        (worse.service_id, (Obstacle.STALE, Obstacle.OUT_OF_AREA)),
    ]
    assert found.unmatched == (Obstacle.OUT_OF_AREA, Obstacle.STALE)


def test_category_without_any_service_is_told_as_such() -> None:
    """An empty catalogue is an answer too."""
    found = _only()
    assert (found.fitting, found.unfit, found.unmatched) == ((), (), (Obstacle.NO_SERVICE,))


def test_answer_is_bounded_and_says_what_it_leaves_out() -> None:
    """A page does not grow with the catalogue."""
    services = [a_service() for _ in range(SHOWN + 3)]
    services += [a_service(municipalities=(RIVALTA,)) for _ in range(SHOWN + 4)]
    found = _only(*services)
    assert (len(found.fitting), len(found.unfit), found.left_out) == (SHOWN, SHOWN, 7)


@pytest.mark.parametrize(
    ("grants", "safety", "covered"),
    [
        pytest.param(None, False, None, id="nobody-named"),
        pytest.param((), False, False, id="no-consent"),
        pytest.param((a_grant(),), False, True, id="consent"),
        pytest.param((a_grant(recipient_id=STRANGER),), False, False, id="for-another"),
        pytest.param((a_grant(),), True, False, id="without-safety"),
        pytest.param((a_grant(categories=frozenset(WITH_SAFETY)),), True, True, id="with-safety"),
    ],
)
def test_missing_consent_is_told_beforehand(
    grants: tuple[Grant, ...] | None,
    safety: bool,  # noqa: FBT001 - a value of the table
    covered: bool | None,  # noqa: FBT001 - a value of the table
) -> None:
    """A worker can ask for it while the person is still at the desk."""
    assert _only(a_service(), grants=grants, safety=safety).fitting[0].covered is covered


def test_own_service_needs_no_consent() -> None:
    """Inside one agency nothing is shared."""
    assert _only(a_service(organization_id=SENDER), grants=()).fitting[0].covered is True


@given(
    services=st.lists(
        st.builds(
            a_service,
            service_id=st.uuids(),
            categories=st.sampled_from([("LIN.1",), ("LIN.2",), ("LIN.1", "LIN.2")]),
            load=st.integers(0, 2),
            languages=st.sampled_from([("it",), ("it", "fr")]),
            municipalities=st.sampled_from([(ORBASSANO,), (RIVALTA,)]),
        ),
        max_size=6,
        unique_by=lambda service: service.service_id,
    ),
)
def test_what_is_explained_is_what_is_sent(services: list[Service]) -> None:
    """Completing the screening right after, with everything agreed, sends to just these."""
    categories = ("LIN.2", "LIN.1")
    event = a_screening(*map(an_area, categories))
    known = Known(needs={}, services={each.service_id: each for each in services}, grants=())
    plan = plan_screening(event, known, at=NOW, new_id=new_id)
    sent = {each.category: (each.service_id, each.chosen_by) for each in plan.begun}
    opened = {need.category: need.unmatched for need in plan.opened.values()}
    told: dict[str, tuple[UUID, Ground]] = {}
    for area in _explained(*services, categories=categories).items:
        told.update((area.category, (each.service_id, each.ground)) for each in area.fitting[:1])
        assert opened[area.category] == area.unmatched
    assert told == sent
