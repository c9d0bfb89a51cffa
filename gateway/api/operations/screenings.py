"""Operations on the form and on screenings."""

from __future__ import annotations

from typing import Annotated, Final

from contracts.language import About, LanguageTag, Resource
from contracts.screening import (
    CompleteScreening,
    Form,
    GetForm,
    GetScreening,
    ListScreenings,
    PreviewScreening,
    SaveAnswers,
)
from gateway.api.operation import Operation
from gateway.composition import preview_screening
from gateway.desk import Turn

_TAG: Final = "screenings"


class FormInForce(Resource):
    """What can be chosen about the form in force."""

    language: Annotated[
        LanguageTag | None, About("Also show what texts there are in this language")
    ] = None


def _form_in_force(turn: Turn, asked: FormInForce) -> Form:
    return turn.line.ask(GetForm(language=asked.language))


OPERATIONS: Final = (
    Operation(
        name="form_in_force",
        tag=_TAG,
        method="GET",
        path="/forms/current",
        summary="The form in force",
        about="Show the version of the form with which a screening starts today.",
        asks=FormInForce,
        answers=Form,
        does=_form_in_force,
        uses=(GetForm,),
        requires=GetForm.permission,
    ),
    Operation(
        name="form",
        tag=_TAG,
        method="GET",
        path="/forms/{version}",
        summary="One version of the form",
        about="Show a version of the form, such as the one that an older screening was made with.",
        asks=GetForm,
    ),
    Operation(
        name="screenings",
        tag=_TAG,
        method="GET",
        path="/screenings",
        summary="Screenings",
        asks=ListScreenings,
        sparse=True,
    ),
    Operation(
        name="screening",
        tag=_TAG,
        method="GET",
        path="/screenings/{screening_id}",
        summary="One screening",
        asks=GetScreening,
    ),
    Operation(
        name="screening_answers",
        tag=_TAG,
        method="PATCH",
        path="/screenings/{screening_id}/answers",
        summary="Answer questions",
        asks=SaveAnswers,
    ),
    Operation(
        name="screening_preview",
        tag=_TAG,
        method="GET",
        path="/screenings/{screening_id}/preview",
        summary="What the answers suggest so far",
        asks=PreviewScreening,
        does=preview_screening,
        uses=(GetScreening, PreviewScreening),
    ),
    Operation(
        name="screening_completion",
        tag=_TAG,
        method="POST",
        path="/screenings/{screening_id}/completion",
        summary="Complete a screening",
        asks=CompleteScreening,
    ),
)
