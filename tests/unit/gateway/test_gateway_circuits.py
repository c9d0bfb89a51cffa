"""A service that keeps failing is left alone, and asked again by one question at a time."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from structlog.testing import capture_logs

from chassis import metrics
from chassis.call import Call
from chassis.clients import NoPlace
from chassis.errors import INTERNAL, ServiceError, ServiceTimeout, ServiceUnavailable
from contracts.catalogue import GetTaxonomy
from contracts.language import Category
from contracts.referrals import GetReferral
from gateway.circuits import FAILURES, PAUSE_SECONDS, Circuit, CircuitOpen, GuardedPort
from gateway.problems import answer_to
from tests.support.gateway import FakePort
from tests.support.service_answers import a_referral

_ASKED = GetReferral(referral_id=a_referral().referral_id)


@dataclass
class _House:
    """A guarded port over services in a test's hands, at a time of its own."""

    now: float = 100.0
    services: FakePort = field(default_factory=FakePort)

    def __post_init__(self) -> None:
        self.port = GuardedPort(self.services, clock=lambda: self.now)

    def ask(self, *, seconds: float = 5.0) -> None:
        self.port.ask(_ASKED, Call(), timeout=seconds)

    def fail(self, times: int, failure: Exception, *, seconds: float = 5.0) -> None:
        self.services.teach(GetReferral, failure)
        for _ in range(times):
            with pytest.raises(type(failure)):
                self.ask(seconds=seconds)

    @property
    def questions(self) -> int:
        return len(self.services.asked)


@pytest.fixture
def house() -> _House:
    """Return services of which nothing is known yet."""
    return _House()


@pytest.mark.parametrize(
    "failure",
    [ServiceTimeout(), ServiceUnavailable(), ServiceError(Category.UNAVAILABLE, "down")],
    ids=["late", "gone", "says so itself"],
)
def test_service_that_failed_often_enough_is_not_asked(house: _House, failure: Exception) -> None:
    """The next question is refused at once."""
    house.fail(FAILURES, failure)
    with pytest.raises(CircuitOpen):
        house.ask()
    assert house.questions == FAILURES


def test_failures_must_be_in_a_row(house: _House) -> None:
    """An answer in between begins the count anew."""
    house.fail(FAILURES - 1, ServiceTimeout())
    house.services.teach(GetReferral, a_referral())
    house.ask()
    house.fail(FAILURES - 1, ServiceTimeout())
    house.services.teach(GetReferral, a_referral())
    house.ask()
    assert house.questions == 2 * FAILURES


@pytest.mark.parametrize("category", [Category.CONFLICT, Category.NOT_FOUND, INTERNAL])
def test_refusal_is_an_answer(house: _House, category: str) -> None:
    """A service that refuses, or has a fault in one handler, is there."""
    house.fail(3 * FAILURES, ServiceError(category, "slug"))
    assert house.questions == 3 * FAILURES


def test_question_without_time_says_nothing_about_the_service(house: _House) -> None:
    """Whoever asked with the last moments of a deadline was late, not the service."""
    house.fail(3 * FAILURES, ServiceTimeout(), seconds=0.2)
    assert house.questions == 3 * FAILURES


def test_crowd_in_the_gateway_says_nothing_about_the_service(house: _House) -> None:
    """The request never left."""
    house.fail(3 * FAILURES, NoPlace())
    assert house.questions == 3 * FAILURES


def test_other_services_are_asked_meanwhile(house: _House) -> None:
    """Each service has a circuit of its own."""
    house.fail(FAILURES, ServiceTimeout())
    with pytest.raises(ServiceUnavailable) as caught:
        house.port.ask(GetTaxonomy(), Call(), timeout=5.0)
    assert not isinstance(caught.value, CircuitOpen)


def test_first_answer_after_the_pause_closes_the_circuit(house: _House) -> None:
    """It heals by itself."""
    house.fail(FAILURES, ServiceTimeout())
    house.now += PAUSE_SECONDS
    house.services.teach(GetReferral, a_referral())
    house.ask()
    house.ask()
    assert house.questions == FAILURES + 2


def test_failure_after_the_pause_opens_it_for_another_one(house: _House) -> None:
    """One failed try is enough."""
    house.fail(FAILURES, ServiceTimeout())
    house.now += PAUSE_SECONDS
    house.fail(1, ServiceTimeout())
    house.now += PAUSE_SECONDS - 0.1
    with pytest.raises(CircuitOpen):
        house.ask()
    assert house.questions == FAILURES + 1


def _open(now: list[float]) -> Circuit:
    """Return a circuit that has just opened, on a clock in the test's hands."""
    circuit = Circuit("referrals", lambda: now[0])
    for _ in range(FAILURES):
        with pytest.raises(ServiceTimeout), circuit.question(5.0):
            raise ServiceTimeout
    return circuit


def test_only_one_question_tries_at_a_time() -> None:
    """The others are refused as long as its outcome is unknown."""
    now = [100.0]
    circuit = _open(now)
    now[0] += PAUSE_SECONDS
    with circuit.question(5.0), pytest.raises(CircuitOpen), circuit.question(5.0):
        pass


def test_try_that_ends_without_an_outcome_lets_another_one_try() -> None:
    """A fault of the gateway itself must not shut a service out for good."""
    now = [100.0]
    circuit = _open(now)
    now[0] += PAUSE_SECONDS
    with pytest.raises(KeyError), circuit.question(5.0):
        raise KeyError
    with circuit.question(5.0):
        pass


def test_late_failure_of_an_older_question_does_not_prolong_the_pause() -> None:
    """It tells nothing new."""
    now = [100.0]
    circuit = Circuit("referrals", lambda: now[0])
    older = circuit.question(5.0)
    older.__enter__()
    for _ in range(FAILURES):
        with pytest.raises(ServiceTimeout), circuit.question(5.0):
            raise ServiceTimeout
    now[0] += PAUSE_SECONDS - 1
    older.__exit__(ServiceTimeout, ServiceTimeout(), None)
    now[0] += 1
    with circuit.question(5.0):
        pass


def test_refusal_tells_when_to_come_back(house: _House) -> None:
    """The answer is a 503 with what is left of the pause."""
    house.fail(FAILURES, ServiceTimeout())
    house.now += 1.5
    with pytest.raises(CircuitOpen) as caught:
        house.ask()
    answer = answer_to(caught.value)
    assert (answer.status, answer.headers) == (503, {"Retry-After": "4"})


def test_open_circuit_is_seen_from_outside(house: _House) -> None:
    """A metric and a line in the log tell of it, and of its end."""
    with capture_logs() as lines:
        house.fail(FAILURES, ServiceTimeout())
        opened = metrics.RPC_CIRCUIT_OPEN.labels("referrals")._value.get()
        house.now += PAUSE_SECONDS
        house.services.teach(GetReferral, a_referral())
        house.ask()
    closed = metrics.RPC_CIRCUIT_OPEN.labels("referrals")._value.get()
    events = [line["event"] for line in lines]
    assert (opened, closed, events) == (1, 0, ["circuit_opened", "circuit_closed"])
