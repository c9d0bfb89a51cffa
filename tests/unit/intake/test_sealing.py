"""Tax codes at rest: what a key opens, what it finds, and how one key follows another."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet, InvalidToken

from chassis.settings import SettingMissing
from services.intake.sealing import Seal
from tests.support.people import DEFINITIVE

OLD = Fernet.generate_key().decode()
NEW = Fernet.generate_key().decode()


def test_a_sealed_code_is_opened_by_its_key() -> None:
    """What was sealed comes back."""
    assert Seal(OLD).open(Seal(OLD).seal(DEFINITIVE).sealed) == DEFINITIVE


def test_a_sealed_code_tells_nothing_of_itself() -> None:
    """The same code sealed twice looks different."""
    first, second = Seal(OLD).seal(DEFINITIVE), Seal(OLD).seal(DEFINITIVE)
    assert first.sealed != second.sealed
    assert DEFINITIVE not in f"{first}{second}"


def test_another_key_opens_nothing() -> None:
    """A stolen database without its key is of no use."""
    with pytest.raises(InvalidToken):
        Seal(NEW).open(Seal(OLD).seal(DEFINITIVE).sealed)


def test_the_same_code_has_the_same_mark_under_one_key() -> None:
    """That is how it is found."""
    assert Seal(OLD).seal(DEFINITIVE).mark == Seal(OLD).seal(DEFINITIVE).mark


def test_a_mark_depends_on_the_key() -> None:
    """Without the key nobody can try codes against the marks."""
    assert Seal(OLD).seal(DEFINITIVE).mark != Seal(NEW).seal(DEFINITIVE).mark


def test_a_new_key_seals_and_an_old_one_still_opens() -> None:
    """Keys are changed while the service runs."""
    both = Seal(NEW, OLD)
    old = Seal(OLD).seal(DEFINITIVE)
    assert both.open(old.sealed) == DEFINITIVE
    assert old.mark in both.marks(DEFINITIVE)
    assert both.seal(DEFINITIVE).key_name == both.newest == Seal(NEW).newest != old.key_name


@pytest.mark.parametrize(
    "value",
    ["", " , ", "short", "?" * 44, f"{OLD},short"],
    ids=["none", "blanks", "short", "no-base64", "second-short"],
)
def test_a_process_without_readable_keys_does_not_start(value: str) -> None:
    """The sentence names the variable and repeats no key."""
    with pytest.raises(SettingMissing) as refused:
        Seal.from_environment({"INTAKE_KEY": value})
    assert "INTAKE_KEY" in str(refused.value)
    assert OLD not in str(refused.value)


def test_several_keys_are_read_in_their_order() -> None:
    """The newest stands first; blanks around do not matter."""
    assert Seal.from_environment({"INTAKE_KEY": f" {NEW} , {OLD} "}).newest == Seal(NEW).newest
