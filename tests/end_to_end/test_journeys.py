"""Every vignette goes the whole way, from the desk to the closed loop."""

from __future__ import annotations

import pytest

from launcher.journey.chain import CHOICES, Journey, Network
from launcher.journey.vignettes import Vignette, vignettes


@pytest.mark.parametrize("choices", CHOICES)
@pytest.mark.parametrize("vignette", vignettes(), ids=lambda vignette: vignette.code)
def test_everything_expected_arrives_and_nothing_else(
    network: Network, vignette: Vignette, choices: str
) -> None:
    """Levels, profile, needs, referrals, pathways, timeline and partners' events are as derived."""
    assert Journey(network, vignette, choices).run().missing == []


def test_a_wrong_expectation_is_found(network: Network) -> None:
    """A journey that is told another vignette's expectation says what is missing."""
    first, second, *_ = vignettes()
    confused = Vignette(**{**vars(second), "expected": first.expected})
    missing = Journey(Network(**{**vars(network), "patience": 1.0}), confused).run().missing
    assert "the profile should be P2, is P0" in missing
    assert "enrolment ITA is missing" in missing
