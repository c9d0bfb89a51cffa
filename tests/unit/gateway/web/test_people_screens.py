"""Pages of persons, consents and accesses: what is shown, kept and written down."""

from __future__ import annotations

from uuid import UUID

import pytest

from chassis import clock
from contracts.access import Role
from contracts.intake import (
    ConsentPage,
    CorrectPerson,
    Duplicates,
    FindDuplicates,
    FindPeople,
    GetPerson,
    GetRegistration,
    ListConsents,
    OpenCase,
    RecordConsent,
    RegisterPerson,
    Registration,
)
from contracts.language import Category, NotFound, VersionMismatch
from contracts.referrals import GetWorklist, ListNeeds, Mode, NeedState, ReferralState
from gateway.access_log import Access
from tests.support.gateway import AGENCY, TOKEN, USER, Gateway, refusal
from tests.support.page_answers import FAMILY_NAME, a_consent, a_need, needs, people, with_details
from tests.support.pages import Browser, at_the_desk
from tests.support.service_answers import INSTANT, OTHER_PERSON, PERSON, a_person, a_referral

PAGE = f"/people/{PERSON}"
TYPED = {
    "given_name": "Alba",
    "family_name": FAMILY_NAME,
    "birth_date": "1990-02-03",
    "gender": "female",
    "birth_country": "MA",
    "mother_tongue": "ar",
    "language": "ar",
    "municipality": "001171",
    "safe_contact": "any",
    "citizenships": ["MA", "IT"],
}


@pytest.fixture
def desk(gateway: Gateway) -> Browser:
    """Give a browser in which a case worker is signed in."""
    return at_the_desk(gateway)


def _knows_the_person(gateway: Gateway) -> None:
    gateway.port.teach(GetPerson, a_person())


def _written(gateway: Gateway) -> list[tuple[str, UUID | None]]:
    return [(row.operation, row.person_id) for row in gateway.access_log.rows]


def test_a_person_of_another_agency_is_not_found(gateway: Gateway, desk: Browser) -> None:
    """Who guesses an id learns nothing, not even whether somebody has it."""
    gateway.port.teach(GetPerson, NotFound("There is no such person."))
    assert desk.look(PAGE).status_code == 404


def test_a_page_shows_what_it_can_and_names_what_is_silent(gateway: Gateway, desk: Browser) -> None:
    """A service that is down takes its part of the page along and no more."""
    _knows_the_person(gateway)
    gateway.port.teach(ListConsents, ConsentPage(items=(a_consent(),)))
    page = desk.look(PAGE)
    assert (page.status_code, "Questa parte ora non risponde" in page.text) == (200, True)


@pytest.mark.parametrize(
    ("language", "day"), [("it", "3 febbraio 1990"), ("en", "3 February 1990")]
)
def test_a_day_is_written_as_in_europe(
    gateway: Gateway, desk: Browser, language: str, day: str
) -> None:
    """An English page stands on a desk in Italy: 2/3/90 would be two days."""
    _knows_the_person(gateway)
    assert day in desk.look(PAGE, Accept_Language=language).text


def test_a_title_names_nobody(gateway: Gateway, desk: Browser) -> None:
    """The browser's history stays on a desk that others use."""
    _knows_the_person(gateway)
    title = desk.look(PAGE).text.split("</title>")[0].split("<title>")[1]
    assert FAMILY_NAME not in title


def test_what_waits_for_the_worker_stands_first(gateway: Gateway, desk: Browser) -> None:
    """What another agency has comes after it, what is over last and folded."""
    _knows_the_person(gateway)
    underway = a_need(a_referral(state=ReferralState.ACCEPTED), category="CAS.1")
    ended = a_need(need_id=clock.new_id(), state=NeedState.COMPLETED, category="SAL.1")
    waiting = a_need(need_id=clock.new_id(), category="LAV.1")
    gateway.port.teach(ListNeeds, needs(ended, underway, waiting))
    text = desk.look(PAGE).text
    places = [text.index(f"<strong>{code}") for code in ("LAV.1", "CAS.1", "SAL.1")]
    folded = text.index("<summary>1 bisogno chiuso")
    assert sorted([*places[:2], folded, places[2]]) == [*places[:2], folded, places[2]]


def test_the_most_pressing_need_stands_first(gateway: Gateway, desk: Browser) -> None:
    """Within a group, what has priority."""
    _knows_the_person(gateway)
    lighter = a_need(category="CAS.1", mode=Mode.INFORMATION)
    pressing = a_need(need_id=clock.new_id(), category="LAV.1", mode=Mode.PRIORITY)
    gateway.port.teach(ListNeeds, needs(lighter, pressing))
    text = desk.look(PAGE).text
    assert text.index("<strong>LAV.1") < text.index("<strong>CAS.1")


@pytest.mark.parametrize(
    ("role", "offered"),
    [(Role.CASE_WORKER, True), (Role.NETWORK_COORDINATOR, False)],
)
def test_only_who_may_correct_is_offered_it(gateway: Gateway, role: Role, offered: bool) -> None:  # noqa: FBT001 - a parameter of the table above
    """A button that would be refused is not shown."""
    gateway.identity.let_in(TOKEN, role)
    _knows_the_person(gateway)
    assert (f"{PAGE}/edit" in at_the_desk(gateway).look(PAGE).text) is offered


@pytest.mark.parametrize("role", [Role.VIEWER, Role.EVENT_ORGANISER, Role.PRIVACY_OFFICER])
def test_who_may_not_see_persons_sees_none(gateway: Gateway, role: Role) -> None:
    """And is told so."""
    gateway.identity.let_in(TOKEN, role)
    _knows_the_person(gateway)
    page = at_the_desk(gateway).look(PAGE)
    assert (page.status_code, FAMILY_NAME in page.text) == (403, False)


def test_opening_a_page_is_written_down(gateway: Gateway, desk: Browser) -> None:
    """By the name of the screen, once for the person."""
    _knows_the_person(gateway)
    desk.look(PAGE)
    assert _written(gateway) == [("page.person", PERSON)]


def test_a_search_is_written_down_for_everybody_it_found(gateway: Gateway, desk: Browser) -> None:
    """Each of them can ask who found her."""
    gateway.port.teach(FindPeople, people(a_person(), a_person(OTHER_PERSON)))
    desk.send("/people", name=FAMILY_NAME)
    assert _written(gateway) == [
        ("page.person_search", PERSON),
        ("page.person_search", OTHER_PERSON),
    ]


def test_a_search_for_nothing_is_refused_in_words(desk: Browser) -> None:
    """A list of everybody is nobody's business."""
    page = desk.send("/people")
    assert (page.status_code, "Scrivi almeno un nome" in page.text) == (422, True)


def test_half_a_tax_code_is_no_mistake_while_somebody_types(desk: Browser) -> None:
    """The live search waits for the rest and shows no error."""
    page = desk.client.post(
        "/people",
        data={"csrf_token": _token(desk), "tax_code": "PRV"},
        headers={"HX-Request": "true"},
    )
    assert (page.status_code, page.text.strip()) == (200, "")


def _token(desk: Browser) -> str:
    text: str = desk.look("/help").text
    return text.split('name="csrf-token" content="')[1].split('"', maxsplit=1)[0]


def test_a_refused_registration_keeps_both_citizenships(gateway: Gateway, desk: Browser) -> None:
    """What was chosen from lists is typed, too."""
    gateway.port.teach(
        RegisterPerson, refusal(Category.INVALID, "invalid-request", birth_date=["It is so."])
    )
    page = desk.send("/people/new", **TYPED)
    assert page.status_code == 422
    assert [f'value="{code}" selected' in page.text for code in ("MA", "IT")] == [True, True]


def test_a_wrong_day_is_told_at_its_field(desk: Browser) -> None:
    """And nothing of the rest is lost."""
    page = desk.send("/people/new", **{**TYPED, "birth_date": "31/02/1990"})
    assert 'id="f-birth_date-problem1"' in page.text
    assert f'value="{FAMILY_NAME}"' in page.text


def test_a_registration_leads_to_an_address_that_names_nobody(
    gateway: Gateway, desk: Browser
) -> None:
    """Addresses are kept by browsers and logs."""
    gateway.port.teach(RegisterPerson, a_person())
    answer = desk.send("/people/new", **TYPED)
    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)


def test_who_may_be_the_same_person_is_shown_and_written_down(
    gateway: Gateway, desk: Browser
) -> None:
    """Even while the form is being typed."""
    gateway.port.teach(FindDuplicates, Duplicates(items=()))
    desk.send("/people/duplicates", **TYPED)
    assert _written(gateway) == [("page.person_duplicates", None)]


def test_a_conflict_says_both_versions_in_words(gateway: Gateway, desk: Browser) -> None:
    """Codes are for machines."""
    gateway.port.teach(GetPerson, with_details(municipality="001194", language="fr"))
    gateway.port.teach(CorrectPerson, VersionMismatch("It is at version 2."))
    page = desk.send(f"{PAGE}/edit", version="1", **TYPED)
    differing = page.text.split("Dove differiscono</caption>")[1].split("</table>")[0]
    assert page.status_code == 409
    assert "Orbassano" in differing
    assert "001171" not in differing


def test_a_case_that_cannot_be_opened_is_told_on_the_page(gateway: Gateway, desk: Browser) -> None:
    """The person's page comes again, with the reason."""
    _knows_the_person(gateway)
    gateway.port.teach(OpenCase, refusal(Category.CONFLICT, "case-already-open"))
    assert desk.send(f"{PAGE}/cases").status_code == 409


def test_the_privacy_officer_sees_consents_and_no_name(gateway: Gateway) -> None:
    """Nor may that office change any."""
    gateway.identity.let_in(TOKEN, Role.PRIVACY_OFFICER)
    _knows_the_person(gateway)
    gateway.port.teach(ListConsents, ConsentPage(items=(a_consent(),)))
    text = at_the_desk(gateway).look(f"{PAGE}/consents").text
    assert "Tutti gli enti del patto" in text
    assert (FAMILY_NAME in text, "/withdrawal" in text) == (False, False)


def test_a_refused_consent_keeps_what_was_ticked(gateway: Gateway, desk: Browser) -> None:
    """Only what was ticked, and not what the form begins with."""
    _knows_the_person(gateway)
    gateway.port.teach(
        RecordConsent, refusal(Category.INVALID, "invalid-request", expires_on=["It is so."])
    )
    page = desk.send(f"{PAGE}/consents/new", categories="safety", expires_on="2027-01-01")
    assert page.status_code == 422
    assert page.text.count(" checked") == 1


def test_a_consent_leads_back_to_where_it_was_missed(gateway: Gateway, desk: Browser) -> None:
    """The referral waits for it."""
    gateway.port.teach(RecordConsent, a_consent())
    there = "/referrals/01920000-0000-7000-8000-0000000000e1"
    answer = desk.send(
        f"{PAGE}/consents/new", categories="identity", expires_on="2027-01-01", next=there
    )
    assert answer.headers["Location"] == there


def test_nobody_is_led_to_another_site(gateway: Gateway, desk: Browser) -> None:
    """An address from outside is passed over."""
    gateway.port.teach(RecordConsent, a_consent())
    answer = desk.send(
        f"{PAGE}/consents/new",
        categories="identity",
        expires_on="2027-01-01",
        next="//elsewhere.example/people/",
    )
    assert answer.headers["Location"] == PAGE


def _keeps_an_access(gateway: Gateway) -> None:
    gateway.port.teach(GetRegistration, Registration(person_id=PERSON, agency_id=AGENCY))
    gateway.access_log.rows.append(
        Access(
            access_id=clock.new_id(),
            at=INSTANT,
            user_id=USER,
            agency_id=AGENCY,
            person_id=PERSON,
            operation="page.person",
            status=200,
            address="192.0.2.1",
            correlation_id="c",
        )
    )


def test_the_table_of_accesses_opens_in_columns_and_calculates_nothing(gateway: Gateway) -> None:
    """A byte order mark, semicolons, and a name that begins like a formula as text."""
    gateway.identity.let_in(TOKEN, Role.PRIVACY_OFFICER)
    _keeps_an_access(gateway)
    body = at_the_desk(gateway).look(f"{PAGE}/accesses.csv").data.decode("utf-8")
    head, first, *_ = body.splitlines()
    assert head.startswith("\ufeffQuando;Chi;Ente;")
    assert ";'=Desk;" in first


def test_accesses_are_told_in_words(gateway: Gateway) -> None:
    """Whoever asks is no programmer."""
    gateway.identity.let_in(TOKEN, Role.PRIVACY_OFFICER)
    _keeps_an_access(gateway)
    text = at_the_desk(gateway).look(f"{PAGE}/accesses").text
    assert "ha aperto la pagina della persona" in text


def test_a_code_that_is_none_is_refused_with_what_was_typed(gateway: Gateway) -> None:
    """The way out is said at the field."""
    gateway.identity.let_in(TOKEN, Role.PRIVACY_OFFICER)
    page = at_the_desk(gateway).send("/accesses", person_id="12-34")
    assert (page.status_code, 'value="12-34"' in page.text) == (422, True)


def test_my_work_names_what_is_silent(desk: Browser) -> None:
    """The day can begin all the same."""
    page = desk.look("/")
    assert (page.status_code, "Questa parte ora non risponde" in page.text) == (200, True)


def test_whoever_has_no_work_of_this_kind_begins_elsewhere(gateway: Gateway) -> None:
    """A viewer is led on, and not shown an empty page."""
    gateway.identity.let_in(TOKEN, Role.VIEWER)
    answer = at_the_desk(gateway).look("/")
    assert (answer.status_code, GetWorklist in map(type, gateway.port.asked)) == (303, False)
