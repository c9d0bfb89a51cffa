"""Reading a codice fiscale: its shape, its check sign, and the birthplace that it names.

`codicefiscale.is_valid` is not enough: it calls a birthplace unknown to its register invalid, it
does so before it looks at the check sign, and it folds accents away before it reads.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from codicefiscale import codicefiscale

from contracts.intake import TaxCodeKind
from contracts.screening import Gender
from services.intake.domain.persons import NO_TAX_CODE, TaxCode

STP_OR_ENI: Final = re.compile(r"(STP|ENI)[0-9]{13}")
PROVISIONAL: Final = re.compile(r"[0-9]{11}")
DEFINITIVE: Final = re.compile(
    r"[A-Z]{6}(?P<year>{d}{d})(?P<month>[ABCDEHLMPRST])(?P<day>{d}{d})[A-Z]{d}{d}{d}[A-Z]".replace(
        "{d}", "[0-9LMNPQRSTUV]"
    )
)
MONTHS: Final = "ABCDEHLMPRST"
# Letters that stand for digits when two persons would have the same code (omocodia). Such a code is
# its holder's own: it is never turned back, since that would give the other person's.
DIGITS: Final = str.maketrans("LMNPQRSTUV", "0123456789")
ADDED_TO_A_WOMANS_DAY: Final = 40

REFUSED_STP_ENI: Final = (
    "STP and ENI codes are not recorded here: they would tell how a person stays in the country "
    "and that care was sought. Leave the field out."
)
NOT_A_CODE: Final = "This is neither a tax code of sixteen signs nor a provisional one of eleven."
WRONG_CHECK: Final = "The check sign does not fit the other signs; one of them is mistyped."
WRONG_DATE: Final = "The signs for the date of birth name no date."

# The register of birthplaces is read at its first use, which takes half a second of a core; in that
# time a process answers nobody, so it is read before the process is ready.
codicefiscale.is_valid("RSSMRA90A01L219O")


def normalised(text: str) -> str:
    """Return the code as it is compared: upper case, no blanks around."""
    return text.strip().upper()


def read(text: str | None) -> TaxCode | str:
    """Return what the code says, or a sentence why it cannot be one, which repeats none of it."""
    if text is None:
        return NO_TAX_CODE
    code = normalised(text)
    if STP_OR_ENI.fullmatch(code):
        return REFUSED_STP_ENI
    if PROVISIONAL.fullmatch(code):
        return _read_provisional(code)
    if signs := DEFINITIVE.fullmatch(code):
        return _read_definitive(code, signs)
    return NOT_A_CODE


def _read_provisional(code: str) -> TaxCode | str:
    """Check the eleventh digit as that of a VAT number; eleven noughts fit but name nobody."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in code[1:10:2])
    total = sum(map(int, code[0:10:2])) + sum(doubled) + int(code[10])
    if total % 10 or not total:
        return WRONG_CHECK
    return TaxCode(text=code, kind=TaxCodeKind.PROVISIONAL)


def _read_definitive(code: str, signs: re.Match[str]) -> TaxCode | str:
    if codicefiscale.encode_cin(code) != code[-1]:
        return WRONG_CHECK
    year, day = (int(signs[part].translate(DIGITS)) for part in ("year", "day"))
    month = MONTHS.index(signs["month"]) + 1
    woman = day > ADDED_TO_A_WOMANS_DAY
    day -= ADDED_TO_A_WOMANS_DAY * woman
    if not any(_is_date(century + year, month, day) for century in (1900, 2000)):
        return WRONG_DATE
    return TaxCode(
        text=code,
        kind=TaxCodeKind.DEFINITIVE,
        born=(year, month, day),
        gender=Gender.FEMALE if woman else Gender.MALE,
        # Shape, check sign and date hold: only the birthplace is left to be refused.
        birthplace_known=codicefiscale.is_valid(code),
    )


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
