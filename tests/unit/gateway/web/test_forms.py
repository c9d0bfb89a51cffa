"""What was typed into a form, read as the contract that it stands for."""

from __future__ import annotations

from datetime import date
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from chassis import clock
from contracts.language import InvalidRequest
from gateway.identity.language import NewUser, NewValidity, SecretRotation
from gateway.web import forms
from gateway.web.screens.administration import last_moment

_AGENCY: Final = clock.new_id()


def _user(**typed: str) -> MultiDict[str, str]:
    """Return a form of a new user."""
    usual = {"name": "Somebody", "email": "somebody@example.org", "agency_id": str(_AGENCY)}
    return MultiDict([*{**usual, **typed}.items(), ("roles", "viewer")])


@given(st.text(st.characters(categories=("L", "N", "P")), min_size=1, max_size=120))
def test_a_text_is_read_as_it_was_typed(name: str) -> None:
    """But for the blanks around it."""
    assert forms.read(NewUser, _user(name=f" {name} ")).name == name


@given(st.dictionaries(st.text(max_size=12), st.text(max_size=40), max_size=8))
def test_a_form_of_anything_is_refused_by_name(typed: dict[str, str]) -> None:
    """A form of anybody's making never breaks anything."""
    with pytest.raises(InvalidRequest) as refusal:
        forms.read(NewUser, MultiDict(typed))
    assert refusal.value.fields


@given(st.integers(min_value=0, max_value=720))
def test_a_number_is_read(hours: int) -> None:
    """Forms hold texts, contracts numbers."""
    typed = MultiDict({"overlap_hours": str(hours)})
    read = forms.read(SecretRotation, typed, client_id=_AGENCY)
    assert read.overlap_hours == hours


def test_an_empty_field_is_absent() -> None:
    """A browser sends every field that stands in a form."""
    assert forms.read(NewUser, _user(valid_until="")).valid_until is None


def test_the_last_of_a_box_and_its_hidden_no_counts() -> None:
    """An unticked box sends nothing, so that a "false" stands before it."""
    typed = _user()
    typed.setlist("invite", ["false", "true"])
    assert forms.read(NewUser, typed).invite is True


def test_what_the_page_knows_is_not_for_typing() -> None:
    """A forged field changes nothing."""
    typed = MultiDict({"user_id": str(clock.new_id())})
    assert forms.read(NewValidity, typed, user_id=_AGENCY).user_id == _AGENCY


def test_a_wrong_field_is_named() -> None:
    """What is wrong stands at its field."""
    with pytest.raises(InvalidRequest) as refusal:
        forms.read(NewUser, _user(email="nobody"))
    assert [*refusal.value.fields] == ["email"]


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1)))
def test_an_account_may_be_used_on_its_last_day(day: date) -> None:
    """People mean a day to be over when it ends, in Italy."""
    typed = MultiDict({"valid_until": day.isoformat()})
    until = last_moment(typed["valid_until"])
    read = forms.read(NewValidity, typed, user_id=_AGENCY, valid_until=until).valid_until
    assert read is not None
    assert (read.date(), read.hour) == (day, 23)
