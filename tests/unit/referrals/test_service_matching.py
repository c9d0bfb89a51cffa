"""Which service is chosen, and the reasons."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.catalogue import ServiceStatus
from contracts.referrals import Ground, Obstacle
from services.referrals.domain.matching import Service, match, obstacles_anywhere, obstacles_to
from tests.support.referring import ORBASSANO, RIVALTA, TODAY, a_service, a_wish

FIRST, SECOND = UUID(int=1), UUID(int=2)


def test_fitting_service_has_no_obstacle() -> None:
    """Active, verified, near and of the category: nothing speaks against it."""
    assert obstacles_to(a_service(), a_wish(), on=TODAY) == ()


@pytest.mark.parametrize(
    ("service", "wish", "obstacle"),
    [
        ({"status": ServiceStatus.INACTIVE}, {}, Obstacle.INACTIVE),
        ({"status": ServiceStatus.DEFUNCT}, {}, Obstacle.INACTIVE),
        ({"status": ServiceStatus.TEMPORARILY_CLOSED}, {}, Obstacle.INACTIVE),
        ({"review_due_on": TODAY}, {}, Obstacle.STALE),
        ({"municipalities": (RIVALTA,)}, {}, Obstacle.OUT_OF_AREA),
        ({}, {"municipality": None}, Obstacle.AREA_UNKNOWN),
        ({"categories": ("LIN.1",)}, {}, Obstacle.OTHER_CATEGORY),
    ],
)
def test_obstacle_is_named(
    service: dict[str, Any], wish: dict[str, Any], obstacle: Obstacle
) -> None:
    """Each reason against a service is told."""
    assert obstacles_to(a_service(**service), a_wish(**wish), on=TODAY) == (obstacle,)


def test_every_obstacle_is_told_at_once() -> None:
    """Who corrects an entry learns all that is wrong with it."""
    bad = a_service(status=ServiceStatus.INACTIVE, review_due_on=TODAY, municipalities=(RIVALTA,))
    assert set(obstacles_to(bad, a_wish(), on=TODAY)) == {
        Obstacle.INACTIVE,
        Obstacle.STALE,
        Obstacle.OUT_OF_AREA,
    }


@pytest.mark.parametrize(
    ("better", "worse", "ground"),
    [
        ({"languages": ("it", "fr")}, {}, Ground.LANGUAGE),
        ({"languages": ("fr",), "categories": ("LIN.2", "LIN.1")}, {}, Ground.LANGUAGE),
        ({}, {"categories": ("LIN.1", "LIN.2")}, Ground.SPECIFICITY),
        ({}, {"municipalities": (ORBASSANO, RIVALTA)}, Ground.SPECIFICITY),
        ({"load": 1}, {"load": 2}, Ground.LOAD),
        ({"service_id": FIRST}, {"service_id": SECOND}, Ground.TIE),
    ],
)
def test_better_service_is_chosen_on_its_ground(
    better: dict[str, Any], worse: dict[str, Any], ground: Ground
) -> None:
    """Language, then specificity, then load, then the id decides."""
    good, bad = a_service(**better), a_service(**worse)
    found = match([bad, good], a_wish(), on=TODAY)
    assert (found.service, found.ground) == (good, ground)


def test_only_candidate_is_said_to_be_that() -> None:
    """Where there was no choice, none is claimed."""
    stale = a_service(review_due_on=TODAY)
    assert match([a_service(), stale], a_wish(), on=TODAY).ground is Ground.ONLY_CANDIDATE


def test_rejected_services_come_with_their_obstacles() -> None:
    """A worker can ask why not this one."""
    stale = a_service(review_due_on=TODAY)
    found = match([a_service(), stale], a_wish(), on=TODAY)
    assert found.obstacles == {stale.service_id: (Obstacle.STALE,)}


def test_without_any_service_of_the_category_there_is_no_service() -> None:
    """An empty catalogue is told as such."""
    other = a_service(categories=("LIN.1",))
    assert match([other], a_wish(), on=TODAY).unmatched == (Obstacle.NO_SERVICE,)


def test_unmatched_need_gathers_the_obstacles() -> None:
    """What stood against all candidates is kept, each once."""
    found = match(
        [
            a_service(municipalities=(RIVALTA,)),
            a_service(municipalities=(RIVALTA,)),
            a_service(review_due_on=TODAY),
        ],
        a_wish(),
        on=TODAY,
    )
    assert found.unmatched == (Obstacle.OUT_OF_AREA, Obstacle.STALE)


@given(
    services=st.lists(
        st.builds(
            a_service,
            service_id=st.uuids(),
            load=st.integers(0, 3),
            languages=st.sampled_from([("it",), ("it", "fr")]),
            municipalities=st.sampled_from([(ORBASSANO,), (RIVALTA,), (ORBASSANO, RIVALTA)]),
        ),
        max_size=6,
        unique_by=lambda service: service.service_id,
    ),
    random=st.randoms(use_true_random=False),
)
def test_choice_does_not_depend_on_the_order_of_candidates(
    services: list[Service], random: Any
) -> None:
    """The same catalogue gives the same answer, and a chosen service has no obstacle."""
    shuffled = list(services)
    random.shuffle(shuffled)
    found = match(services, a_wish(), on=TODAY)
    assert found == match(shuffled, a_wish(), on=TODAY)
    assert found.service is None or not obstacles_to(found.service, a_wish(), on=TODAY)


def test_service_chosen_by_a_worker_may_be_far_away() -> None:
    """Distance is the worker's judgement."""
    far = a_service(municipalities=(RIVALTA,))
    assert obstacles_anywhere(far, "LIN.2", on=TODAY) == ()


def test_unknown_service_can_take_nothing() -> None:
    """What is not in the projection cannot be chosen."""
    assert obstacles_anywhere(None, "LIN.2", on=TODAY) == (Obstacle.NO_SERVICE,)
