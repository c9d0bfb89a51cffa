"""Reading a codice fiscale: what is accepted, what is remarked, what is refused and why."""

from __future__ import annotations

import pytest
from codicefiscale import codicefiscale
from hypothesis import given
from hypothesis import strategies as st

from contracts.intake import TaxCodeKind
from contracts.screening import Gender
from services.intake import tax_code
from services.intake.domain.persons import NO_TAX_CODE, TaxCode

VALID = (
    "PPSMRA88C52Z129K",
    "LDRFMZ90E41Z330D",
    "KFRNGZ90E41Z335U",
    "WUXLIX90E41Z210E",
    "RSSMRA80A01H501U",
)


def _read(text: str) -> TaxCode:
    read = tax_code.read(text)
    assert isinstance(read, TaxCode)
    return read


@pytest.mark.parametrize("code", VALID)
def test_a_definitive_code_is_read(code: str) -> None:
    """Sixteen signs with a known birthplace are accepted as they are."""
    read = _read(code)
    assert (read.text, read.kind, read.birthplace_known) == (code, TaxCodeKind.DEFINITIVE, True)


def test_case_and_blanks_around_do_not_matter() -> None:
    """What a person types is brought to the form in which it is kept."""
    assert _read(" ppsmra88c52z129k ").text == "PPSMRA88C52Z129K"


def test_date_and_gender_are_read_from_a_womans_code() -> None:
    """Forty is added to a woman's day of birth."""
    read = _read("PPSMRA88C52Z129K")
    assert (read.born, read.gender) == ((88, 3, 12), Gender.FEMALE)


@pytest.mark.parametrize("variant", codicefiscale.decode("RSSMRA80A01H501U")["omocodes"])
def test_every_omocodia_variant_is_accepted_as_it_is(variant: str) -> None:
    """Such a code is its holder's own: turned back it would be another person's."""
    read = _read(variant)
    assert (read.text, read.born) == (variant, (80, 1, 1))


def test_a_provisional_code_is_read() -> None:
    """Eleven digits with a right check digit are accepted."""
    assert _read("12345678903").kind is TaxCodeKind.PROVISIONAL


def test_no_code_is_no_fault() -> None:
    """Nobody is asked for a tax code in order to be helped."""
    assert tax_code.read(None) == NO_TAX_CODE


def test_an_unknown_birthplace_is_remarked_and_not_refused() -> None:
    """The register of birthplaces is younger than some people and older than some places."""
    stem = "RSSMRA80A41Z999"
    assert not _read(stem + codicefiscale.encode_cin(stem)).birthplace_known


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("RSSMRA80A01H501X", tax_code.WRONG_CHECK),
        ("RSSMRA80A41Z999X", tax_code.WRONG_CHECK),
        ("12345678901", tax_code.WRONG_CHECK),
        ("00000000000", tax_code.WRONG_CHECK),
        ("STP0101234567890", tax_code.REFUSED_STP_ENI),
        ("eni0101234567890", tax_code.REFUSED_STP_ENI),
        ("123456789012", tax_code.NOT_A_CODE),
        ("RSSMRA80A01H501", tax_code.NOT_A_CODE),
        ("RÖSMRA80A01H501U", tax_code.NOT_A_CODE),
        ("RSSMRA80A01H501U\n1", tax_code.NOT_A_CODE),
        ("RSSMRABCA01H501U", tax_code.NOT_A_CODE),
        ("١٢٣٤٥٦٧٨٩٠٣", tax_code.NOT_A_CODE),
    ],
)
def test_what_cannot_be_a_code_is_refused(code: str, reason: str) -> None:
    """The reason is told and the code is not repeated."""
    assert tax_code.read(code) == reason


@pytest.mark.parametrize("date", ["80B30", "80B70", "80A00", "80A40", "80A72"])
def test_a_date_that_no_calendar_has_is_refused(date: str) -> None:
    """The check sign may be right and the code still nobody's."""
    stem = f"RSSMRA{date}H501"
    assert tax_code.read(stem + codicefiscale.encode_cin(stem)) == tax_code.WRONG_DATE


@given(st.sampled_from(VALID), st.integers(0, 15), st.sampled_from("ABCDEFGHKLMPRST0123456789"))
def test_a_mistyped_sign_is_refused_or_changes_the_code(code: str, place: int, sign: str) -> None:
    """Whatever is accepted is exactly what was typed."""
    typed = code[:place] + sign + code[place + 1 :]
    read = tax_code.read(typed)
    assert isinstance(read, str) or read.text == typed


@given(st.text(max_size=20))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    """No input makes the reader fail, and no refusal repeats it."""
    read = tax_code.read(text)
    assert isinstance(read, TaxCode) or read in {
        tax_code.NOT_A_CODE,
        tax_code.REFUSED_STP_ENI,
        tax_code.WRONG_CHECK,
        tax_code.WRONG_DATE,
    }


@given(st.from_regex(r"[0-9]{10}", fullmatch=True).filter(lambda digits: int(digits) > 0))
def test_one_check_digit_in_ten_is_right(digits: str) -> None:
    """For each ten digits exactly one eleventh is accepted."""
    read = [tax_code.read(f"{digits}{check}") for check in range(10)]
    assert sum(isinstance(one, TaxCode) for one in read) == 1
