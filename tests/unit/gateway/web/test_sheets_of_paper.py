"""What stands on the sheets: everything that was passed in, twice where it can be, and no more."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2.ext import babel_extract

from contracts.calendar import HERE
from contracts.intake import DataCategory, SafeContact
from contracts.referrals import ReferralState
from contracts.screening import FormLabel
from gateway.web.direction import direction_of
from gateway.web.form_texts import Written, text_of
from gateway.web.printing import screening_sheet
from gateway.web.printing.referral_letter import shared_of
from gateway.web.printing.voices import Said, Voices
from tests.support.service_answers import a_referral
from tests.support.sheets import (
    DETAILS,
    IMPRINT,
    WEB,
    consent_page,
    dispatch,
    english,
    interview,
    letter_page,
    screening_page,
    voices,
)

TEMPLATES = sorted((WEB / "templates" / "print").glob("*.html"))
EVERYTHING = tuple(DataCategory)


class _Words(HTMLParser):
    """Collects the text of a page by the language that it is marked with."""

    def __init__(self) -> None:
        super().__init__()
        self.by_language: dict[str, list[str]] = {}
        self._open: list[str] = [""]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Step into an element."""
        if tag not in {"meta", "br"}:
            self._open.append(dict(attrs).get("lang") or self._open[-1])

    def handle_endtag(self, tag: str) -> None:
        """Step out of an element."""
        if tag not in {"meta", "br"}:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        """Keep what is said."""
        if data.strip():
            self.by_language.setdefault(self._open[-1], []).append(" ".join(data.split()))


def _words(page: str) -> dict[str, list[str]]:
    parser = _Words()
    parser.feed(page.split("</head>")[1])
    return parser.by_language


def _messages(template: Path) -> set[str]:
    with template.open("rb") as text:
        found = babel_extract(text, ("_",), (), {})
        return {message for _, _, message, _ in found if isinstance(message, str)}


def test_every_fixed_text_is_written_in_english_and_none_besides() -> None:
    """The catalogue says exactly what the templates say."""
    assert set().union(*map(_messages, TEMPLATES)) == set(english())


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_fetches_nothing(template: Path) -> None:
    """There is no address in a template, and nothing that would need one."""
    assert not re.search(r"https?:|src=|href=|url\(|@import", template.read_text(encoding="utf-8"))


def test_a_sheet_in_italian_says_everything_once() -> None:
    """Nothing is marked as another language."""
    assert set(_words(screening_page())) <= {"", "it"}


def test_questions_and_answers_stand_in_both_languages() -> None:
    """The person's language and Italian say the same question and the same answer."""
    words = _words(screening_page(language="en"))
    assert {"Where are you living at the moment?", "Lower secondary"} <= set(words["en"])
    assert {"Dove vive in questo periodo?", "Scuola media"} <= set(words["it"])


def test_a_language_from_the_right_turns_the_page_and_not_the_italian_beside_it() -> None:
    """The page runs from the right; Italian is marked as running from the left."""
    page = screening_page("V4", language="ar")
    assert '<html lang="ar" dir="rtl">' in page
    assert 'class="beside" dir="ltr" lang="it"' in page
    assert "السكن" in _words(page)["ar"]


def test_a_text_that_is_not_translated_is_italian_and_marked_so() -> None:
    """The form has no Persian texts: the questions are read in Italian, beside an empty cell."""
    page = screening_page("V4", language="fa")
    assert "Riesce a pagare affitto o mutuo, luce, gas e acqua?" in _words(page)["it"]
    assert page.count('<td></td><td class="beside"') == page.count('class="question"')


def test_a_draft_translation_says_so() -> None:
    """Whoever signs knows which text counts."""
    assert "fa fede il testo italiano" in screening_page("V4", language="ar")
    assert "fa fede il testo italiano" not in screening_page(language="en")


def test_a_question_without_an_answer_says_so() -> None:
    """What was not answered cannot be taken for a no."""
    assert "Preferisco non rispondere" in screening_page("V4", language="ar")


def test_safety_stays_off_the_paper_unless_it_was_asked_for() -> None:
    """Without it neither questions nor levels nor suggestions tell that safety was spoken of."""
    page = screening_page("V3", safety=False)
    assert "Sicurezza personale" not in page
    assert "SIC." not in page
    assert "riservata" not in page


def test_a_result_reckoned_with_safety_keeps_its_profile_off_the_paper() -> None:
    """The profile alone would tell that something hidden is serious."""
    held = replace(interview("V3", safety=True), safety=False)
    outcome = screening_sheet.screening_sheet(held, voices("it"), IMPRINT).outcome
    assert outcome is not None
    assert outcome.profile is None
    assert {line.domain.it for line in outcome.levels}.isdisjoint({"Sicurezza personale"})
    assert outcome.urgent == ()


def test_safety_on_the_paper_comes_with_a_warning() -> None:
    """A sheet that could harm says how to keep it."""
    page = screening_page("V3", safety=True)
    assert "Sicurezza personale" in page
    assert "non consegnare e non lasciare dove altri possono leggere" in page


def test_urgent_things_name_the_term_and_the_answer() -> None:
    """Who reads the sheet knows what to do today and why."""
    words = _words(screening_page("V3", safety=True))["it"]
    urgent = words[words.index("Da fare subito") :]
    assert urgent.index("Oggi stesso") < urgent.index("Livelli per area di vita")


def test_a_draft_shows_no_result() -> None:
    """There is none before the interview is completed."""
    page = screening_page(completed=False)
    assert "Che cosa ne risulta" not in page
    assert "le risposte possono ancora cambiare" in page


def test_a_category_without_a_name_is_shown_as_its_code_once() -> None:
    """The same word is not said twice."""
    words = _words(screening_page(language="en"))
    assert "CAS.1" in words["it"]
    assert "CAS.1" not in words["en"]


def test_a_letter_tells_what_is_shared_and_that_the_rest_is_not() -> None:
    """A consent to the identity lets neither contacts nor needs onto the paper."""
    page = letter_page(dispatch(DataCategory.IDENTITY))
    assert "Amina Haddad" in page
    assert "+39 333 0000000" not in page
    assert "Corsi di italiano L2" not in page
    assert page.count("Non condiviso") == 3


def test_a_letter_without_any_consent_names_nobody() -> None:
    """The sheet can still be carried by the person."""
    page = letter_page(dispatch())
    assert "Haddad" not in page


def test_a_letter_does_not_tell_a_safety_need_without_consent_to_it() -> None:
    """Needs may be shared and safety not."""
    sent = dispatch(DataCategory.NEEDS, referral=a_referral(safety=True))
    assert "Corsi di italiano L2" not in letter_page(sent)


def test_a_person_who_is_not_to_be_contacted_is_without_contacts() -> None:
    """Not even shared numbers stand on paper then."""
    details = DETAILS.load({**DETAILS.dump(), "safe_contact": SafeContact.NEVER.value})
    page = letter_page(dispatch(*EVERYTHING, details=details))
    assert "Non contattare" in page
    assert "+39 333 0000000" not in page


def test_a_person_who_takes_calls_only_is_without_an_address_to_write_to() -> None:
    """Nothing must be left in writing."""
    details = DETAILS.load({**DETAILS.dump(), "safe_contact": SafeContact.CALL_ONLY.value})
    page = letter_page(dispatch(*EVERYTHING, details=details))
    assert "+39 333 0000000" in page
    assert "amina@example.org" not in page


def test_nothing_of_an_unknown_person_is_shared() -> None:
    """Without details there is nothing to share, whatever the consent covers."""
    assert shared_of(None, EVERYTHING).name is None


@pytest.mark.parametrize("state", list(ReferralState))
def test_a_letter_says_in_every_state_what_happens_now(state: ReferralState) -> None:
    """There is always a next step."""
    page = letter_page(dispatch(*EVERYTHING, referral=a_referral(state=state)))
    assert page.count("<li>") >= 1


def test_a_letter_tells_the_expected_first_contact() -> None:
    """The day is written as the language writes it."""
    referral = a_referral(state=ReferralState.ACCEPTED, first_contact_on=date(2026, 12, 9))
    assert "9 December 2026" in letter_page(dispatch(referral=referral), language="en")


def test_a_consent_says_what_is_shared_and_what_is_not() -> None:
    """Both stand on the sheet before it is signed."""
    words = _words(consent_page(DataCategory.IDENTITY, language="en"))["en"]
    assert words.index("Name and personal details") < words.index("Not shared with anybody")
    assert words.index("Not shared with anybody") < words.index("Contacts")


def test_a_consent_without_a_recipient_means_every_agency_of_the_pact() -> None:
    """Whom it is for is said in words."""
    assert "Con tutti gli enti del Patto" in consent_page(DataCategory.IDENTITY)
    assert "Associazione Ponti" in consent_page(
        DataCategory.IDENTITY, recipient="Associazione Ponti"
    )


def test_every_sheet_says_who_printed_it_when_by_the_clock_in_italy() -> None:
    """The hour is Rome's."""
    line = "Stampato da Marta Riva (operatrice) il 27 novembre 2026, 18:05"
    for page in (screening_page(), letter_page(dispatch()), consent_page()):
        assert line in page
        assert "Contiene dati personali" in page


def test_what_was_typed_is_text_and_never_markup() -> None:
    """A name with signs of HTML is shown as it is written."""
    held = consent_page(DataCategory.IDENTITY, recipient="<b>Ponti</b> & C.")
    assert "&lt;b&gt;Ponti&lt;/b&gt; &amp; C." in held


def test_a_moment_is_that_of_italy_in_summer_and_in_winter() -> None:
    """Days and hours are Rome's, whatever the machine's clock says."""
    speaking = voices("en")
    assert speaking.moment(datetime(2026, 7, 1, 12, 0, tzinfo=HERE)).own == "1 July 2026, 12:00"


@pytest.mark.parametrize(
    ("language", "direction"),
    [("it", "ltr"), ("ar", "rtl"), ("fa", "rtl"), ("ckb", "rtl"), ("uk", "ltr"), ("xyz", "ltr")],
)
def test_a_language_has_the_direction_of_its_script(language: str, direction: str) -> None:
    """What is not known goes from the left."""
    assert direction_of(language) == direction


@pytest.mark.parametrize(
    ("language", "form_language", "expected"),
    [
        ("it", None, Written("Casa", "it")),
        ("en", None, Written("Housing", "en")),
        ("ar", "ar", Written("السكن", "ar")),
        ("fa", "ar", Written("Casa", "it")),
        ("ar", None, Written("Casa", "it")),
    ],
)
def test_a_text_comes_in_the_language_asked_for_or_in_italian(
    language: str, form_language: str | None, expected: Written
) -> None:
    """No text of one language is passed off as another's."""
    label = FormLabel(code="CAS", it="Casa", en="Housing", text="السكن")
    assert text_of(label, language, form_language) == expected


def test_a_person_without_a_language_is_spoken_to_in_italian() -> None:
    """Nothing is said twice then."""
    assert Voices.of(None).phrase("Persona") == Said("Persona")


def test_a_language_without_fixed_texts_has_them_in_italian() -> None:
    """Arabic has no catalogue; the form's own texts are another matter."""
    assert Voices.of("ar").phrase("Persona") == Said("Persona")
