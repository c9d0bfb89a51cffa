"""How the distribution's answers are read."""

from __future__ import annotations

from launcher import packages

_SIMULATION = """\
Inst libllvm14 (1:14.0.6-12 Debian:12.12/oldstable [amd64])
Inst erlang-base [1:24] (1:25.2.3+dfsg-1+deb12u3 Debian:12.12/oldstable [amd64])
Conf libllvm14 (1:14.0.6-12 Debian:12.12/oldstable [amd64])
"""
_POLICY = """\
rabbitmq-server:
  Installed: (none)
  Candidate: 3.10.8-1.1+deb12u1
"""


def test_simulated_installation_lists_what_to_download() -> None:
    """New packages and newer versions count, configuration steps do not."""
    assert packages.to_download(_SIMULATION) == [
        "libllvm14=1:14.0.6-12",
        "erlang-base=1:25.2.3+dfsg-1+deb12u3",
    ]


def test_offered_version_is_read_from_the_policy() -> None:
    """Too old a distribution is told before anything is installed."""
    assert packages.candidate_of(_POLICY) == "3.10.8-1.1+deb12u1"


def test_version_before_its_epoch_does_not_count() -> None:
    """The epoch of a package is no part of its program's version."""
    assert packages.candidate_of("  Candidate: 1:15.20-0\n") == "15.20-0"


def test_package_that_nobody_offers_has_no_version() -> None:
    """A distribution without the package is not one with an old package."""
    assert packages.candidate_of("  Candidate: (none)\n") is None
