"""Licences and known holes of what is built in: what is a finding, and what is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from launcher import audit
from launcher.audit import Rules
from launcher.settings import ROOT

RULES = Rules(
    allowed={"MIT": "permissive", "BSD-3-Clause": "permissive", "PSF-2.0": "permissive"},
    spellings={"MIT License": "MIT", "BSD License": "BSD-3-Clause"},
    known={"silent": {"licence": "MIT", "reason": "its file says so"}},
)


@pytest.mark.parametrize(
    "licence",
    [
        "MIT",
        "MIT License",
        "GPL-3.0 OR MIT",
        "MIT AND PSF-2.0",
        "GNU General Public License (GPL); BSD License",
    ],
)
def test_an_allowed_licence_is_no_finding(licence: str) -> None:
    """However it is spelled; of alternatives one is enough."""
    assert list(audit.refused(RULES, {"package": licence})) == []


@pytest.mark.parametrize("licence", ["GPL-3.0", "UNKNOWN", "MIT AND GPL-3.0", ""])
def test_any_other_licence_is_a_finding(licence: str) -> None:
    """Also one that nobody told, and one of several that hold together."""
    assert len(list(audit.refused(RULES, {"package": licence}))) == 1


def test_a_package_whose_metadata_are_silent_is_known_by_name() -> None:
    """Somebody looked it up, and wrote down where."""
    assert list(audit.refused(RULES, {"silent": "UNKNOWN"})) == []


def test_every_allowed_licence_has_its_reason() -> None:
    """So does every package that is known by name."""
    rules = audit.rules()
    reasons = [*rules.allowed.values(), *(each["reason"] for each in rules.known.values())]
    assert all(reasons)


def test_pinned_packages_are_read_from_a_lock() -> None:
    """With their versions, without extras, markers and hashes."""
    lock = 'amqp==5.4.0 \\\n    --hash=sha256:00\nbrotli[x]==1.2 ; python_version < "4" \\\n'
    assert audit.pinned(lock) == {"amqp": "5.4.0", "brotli": "1.2"}


@pytest.mark.parametrize("extra", ["runtime", "tracing"])
def test_what_is_installed_somewhere_is_tested_in_the_same_version(extra: str) -> None:
    """The lock of the tests holds the others, so that what is looked at here is what runs."""
    tested, installed = (
        audit.pinned((ROOT / "requirements" / f"{name}.lock").read_text())
        for name in ("test", extra)
    )
    assert installed.items() <= tested.items()


@pytest.mark.parametrize(
    "lock", sorted((ROOT / "requirements").glob("*.lock")), ids=lambda p: p.stem
)
def test_every_package_of_a_lock_is_known_by_its_digest(lock: Path) -> None:
    """And by nothing else: no lock names a place to fetch from."""
    entries = re.split(r"\n(?=\S)", lock.read_text().strip())
    assert [each for each in entries if "--hash=sha256:" not in each or "://" in each] == []


REPORT = {
    "dependencies": [
        {"name": "fine", "version": "1", "vulns": []},
        {"name": "open", "version": "2", "vulns": [{"id": "CVE-1", "fix_versions": ["3"]}]},
        {"name": "foreign", "skip_reason": "not found"},
    ]
}


def test_a_known_hole_is_a_finding() -> None:
    """With the version that mends it."""
    assert list(audit.advisories(REPORT)) == ["open 2: CVE-1, mended in 3"]


def test_a_package_that_the_database_does_not_know_counts_as_not_checked() -> None:
    """No answer is no good news."""
    assert audit.unasked(REPORT) == ["foreign"]
