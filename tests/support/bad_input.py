"""Bad input at the gateway: what is sent and how it is refused, by fakes and by the real stack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

UNKNOWN_ID: Final = "01920000-0000-7000-8000-00000000dead"


@dataclass(frozen=True, kw_only=True)
class BadInput:
    """One request that must be refused; ``decided_by`` is the service that has to know, if any.

    Paths name ``{person_id}`` (without household), ``{screening_id}`` (its full draft, version 1)
    and ``{strange_person_id}`` (registered with an agency out of the caller's reach).
    """

    fact: str
    method: str
    path: str
    body: Any = None
    status: int = 422
    slug: str = "invalid-request"
    field: str
    decided_by: str = ""

    def __str__(self) -> str:
        """Return the fact, which names the test."""
        return self.fact


_PERSON: Final = {
    "given_name": "Alba",
    "family_name": "Prova",
    "birth_date": "1990-02-03",
    "gender": "female",
    "citizenships": ["IT"],
    "birth_country": "IT",
    "mother_tongue": "it",
    "language": "it",
    "municipality": "001171",
}
_ANSWERS: Final = "/screenings/{screening_id}/answers"

BAD_INPUT: Final = (
    BadInput(
        fact="unknown_field",
        method="POST",
        path="/people",
        body={**_PERSON, "nickname": "Al"},
        field="nickname",
    ),
    BadInput(
        fact="unknown_field_in_a_nested_object",
        method="POST",
        path="/people",
        body={**_PERSON, "household": [{"birth_date": "2019-05-06", "name": "Leo"}]},
        field="household.0.name",
    ),
    BadInput(
        fact="field_of_the_path_in_the_body",
        method="POST",
        path="/people/{person_id}/cases",
        body={"person_id": UNKNOWN_ID},
        field="person_id",
    ),
    BadInput(
        fact="missing_field",
        method="POST",
        path="/people",
        body={key: value for key, value in _PERSON.items() if key != "birth_date"},
        field="birth_date",
    ),
    BadInput(
        fact="text_for_a_truth_value",
        method="POST",
        path="/people",
        body={**_PERSON, "resident": "yes"},
        field="resident",
    ),
    BadInput(
        fact="number_for_a_text",
        method="POST",
        path="/people",
        body={**_PERSON, "given_name": 7},
        field="given_name",
    ),
    BadInput(
        fact="null_for_a_text",
        method="POST",
        path="/people",
        body={**_PERSON, "phone": None},
        field="phone",
    ),
    BadInput(
        fact="date_that_does_not_exist",
        method="POST",
        path="/people",
        body={**_PERSON, "birth_date": "1990-02-30"},
        field="birth_date",
    ),
    BadInput(
        fact="code_out_of_form",
        method="POST",
        path="/people",
        body={**_PERSON, "municipality": "Settimo"},
        field="municipality",
    ),
    BadInput(
        fact="word_outside_its_list",
        method="POST",
        path="/people",
        body={**_PERSON, "gender": "f"},
        field="gender",
    ),
    BadInput(
        fact="text_too_long",
        method="POST",
        path="/people",
        body={**_PERSON, "given_name": "a" * 81},
        field="given_name",
    ),
    BadInput(
        fact="sign_that_cannot_be_stored",
        method="POST",
        path="/people",
        body={**_PERSON, "given_name": "Al\x00ba"},
        field="given_name",
    ),
    BadInput(
        fact="id_that_is_none",
        method="GET",
        path="/people/nobody",
        field="person_id",
    ),
    BadInput(
        fact="unknown_parameter",
        method="GET",
        path="/referrals?sort=name",
        field="sort",
    ),
    BadInput(
        fact="parameter_of_the_wrong_type",
        method="GET",
        path="/referrals?limit=many",
        field="limit",
    ),
    BadInput(
        fact="parameter_out_of_bounds",
        method="GET",
        path="/referrals?limit=101",
        field="limit",
    ),
    BadInput(
        fact="parameter_given_twice",
        method="GET",
        path="/referrals?limit=1&limit=2",
        field="limit",
    ),
    BadInput(
        fact="answers_without_version",
        method="PATCH",
        path=_ANSWERS,
        body={"answers": {"CAS1": "a"}},
        status=428,
        slug="precondition-required",
        field="version",
    ),
    BadInput(
        fact="version_as_text",
        method="PATCH",
        path=_ANSWERS,
        body={"version": "1", "answers": {"CAS1": "a"}},
        field="version",
    ),
    BadInput(
        fact="no_answers",
        method="PATCH",
        path=_ANSWERS,
        body={"version": 1, "answers": {}},
        field="answers",
    ),
    BadInput(
        fact="answer_to_an_unknown_question",
        method="PATCH",
        path=_ANSWERS,
        body={"version": 1, "answers": {"XYZ9": "a"}},
        slug="answers-invalid",
        field="answers.XYZ9",
        decided_by="screening",
    ),
    BadInput(
        fact="answer_to_a_hidden_question",
        method="PATCH",
        path=_ANSWERS,
        body={"version": 1, "answers": {"FIG1": "a"}},
        slug="answers-invalid",
        field="answers.FIG1",
        decided_by="screening",
    ),
    BadInput(
        fact="unknown_option",
        method="PATCH",
        path=_ANSWERS,
        body={"version": 1, "answers": {"CAS1": "z"}},
        slug="answers-invalid",
        field="answers.CAS1",
        decided_by="screening",
    ),
    BadInput(
        fact="completion_without_required_answers",
        method="POST",
        path="/screenings/{screening_id}/completion",
        body={"version": 1},
        slug="screening-incomplete",
        field="answers.CAS1",
        decided_by="screening",
    ),
    BadInput(
        fact="refusal_without_reason_of_its_list",
        method="POST",
        path="/screenings/{screening_id}/completion",
        body={
            "version": 1,
            "choices": [
                {"kind": "area", "code": "LIN.2", "decision": "refused", "reason": "no-capacity"}
            ],
        },
        field="choices.0.reason",
    ),
    BadInput(
        fact="person_of_another_agency",
        method="GET",
        path="/people/{strange_person_id}",
        status=404,
        slug="not-found",
        field="person_id",
        decided_by="intake",
    ),
    BadInput(
        fact="person_who_does_not_exist",
        method="GET",
        path=f"/people/{UNKNOWN_ID}",
        status=404,
        slug="not-found",
        field="person_id",
        decided_by="intake",
    ),
    BadInput(
        fact="screening_of_another_agencys_person",
        method="POST",
        path="/people/{strange_person_id}/screenings",
        body={"mode": "full"},
        status=404,
        slug="not-found",
        field="person_id",
        decided_by="intake",
    ),
    BadInput(
        fact="timeline_of_another_agencys_person",
        method="GET",
        path="/people/{strange_person_id}/timeline",
        status=404,
        slug="not-found",
        field="person_id",
        decided_by="intake",
    ),
    BadInput(
        fact="case_of_another_agencys_person",
        method="POST",
        path="/people/{strange_person_id}/cases",
        status=404,
        slug="not-found",
        field="person_id",
        decided_by="intake",
    ),
)
