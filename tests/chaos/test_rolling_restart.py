"""Every process of Plurali's own is renewed at noon, and nobody who works notices."""

from __future__ import annotations

import pytest

from launcher import restart
from launcher.failures import ProcessFailure
from launcher.settings import DATABASES
from launcher.stack import Stack
from tests.support.noon import WRITERS, Noon, at_work, pids

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def noon(stack: Stack) -> Noon:
    """Renew every process while several clients ask and write without ever asking twice."""
    with at_work(stack) as noon:
        restart.restart(stack)
    return noon


def test_no_request_fails_while_everything_is_renewed(noon: Noon) -> None:
    """Neither an error nor a connection that was cut: a client without retries sees nothing."""
    assert noon.failed == []


def test_the_work_went_on_meanwhile(noon: Noon) -> None:
    """The stream was no trickle."""
    assert noon.answered > 100
    assert noon.completed > WRITERS


def test_every_process_is_another_one_now(noon: Noon) -> None:
    """No old code goes on running."""
    assert noon.renewed == set(DATABASES)


@pytest.mark.parametrize("name", ["screening", "gateway"])
def test_a_process_that_cannot_start_ends_no_other(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """What does not run here is noticed while the old process still serves."""
    before = pids(stack)[name]
    monkeypatch.setattr(Stack, "environment", lambda _stack, _name: {"PYTHONHOME": "/nonexistent"})
    with pytest.raises(ProcessFailure, match="the old one goes on serving"):
        restart.restart(stack, [name])
    assert pids(stack)[name] == before
