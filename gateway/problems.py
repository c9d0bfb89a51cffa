"""Every failure as a problem (RFC 9457): one table from what went wrong to what is answered."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Annotated, Any, Final

from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from werkzeug.exceptions import HTTPException

from chassis.errors import ServiceError, ServiceTimeout, ServiceUnavailable
from contracts.language import About, Category, DomainError, Resource
from gateway.circuits import CircuitOpen
from gateway.identity.domain import (
    ClientRefused,
    CodeRefused,
    ProviderRefused,
    SignInLocked,
    SignInRefused,
)
from gateway.limits import TooManyRequests

MEDIA_TYPE: Final = "application/problem+json"
TYPE_PREFIX: Final = "urn:plurali:problem:"
RETRY_SECONDS: Final = 5


class FieldProblem(Resource):
    """What is wrong with one field, and the way out."""

    field: Annotated[str, About("Path of the field, such as household.0.birth_date")]
    message: str


class Problem(Resource):
    """Why a request was not fulfilled (RFC 9457)."""

    type: Annotated[str, About("Stable name of the problem, as a URN")]
    title: str
    status: int
    detail: Annotated[str, About("What happened and the way out, for a person")]
    instance: Annotated[str, About("The path that was asked for")]
    correlation_id: Annotated[str, About("Quote it when asking for support")]
    errors: Annotated[tuple[FieldProblem, ...], About("The wrong fields, where there are any")] = ()


class RefusedError(Exception):
    """A refusal that the gateway itself decides, with its status and headers."""

    def __init__(
        self,
        status: HTTPStatus,
        slug: str,
        detail: str,
        *,
        errors: Sequence[FieldProblem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Keep what will be answered."""
        super().__init__(detail)
        self.answer = Answer(status, slug, detail, tuple(errors), dict(headers or {}))


@dataclass(frozen=True)
class Answer:
    """What a failure becomes, before it is tied to a request."""

    status: HTTPStatus
    slug: str
    detail: str
    errors: tuple[FieldProblem, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def problem(self, *, instance: str, correlation_id: str) -> Problem:
        """Return the body of the answer."""
        return Problem(
            type=TYPE_PREFIX + self.slug,
            title=self.status.phrase,
            status=self.status.value,
            detail=self.detail,
            instance=instance,
            correlation_id=correlation_id,
            errors=self.errors,
        )


STATUSES: Final[Mapping[str, HTTPStatus]] = {
    Category.NOT_FOUND: HTTPStatus.NOT_FOUND,
    Category.CONFLICT: HTTPStatus.CONFLICT,
    Category.INVALID: HTTPStatus.UNPROCESSABLE_ENTITY,
    Category.FORBIDDEN: HTTPStatus.FORBIDDEN,
    Category.UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
    "internal": HTTPStatus.INTERNAL_SERVER_ERROR,
}
_AGAIN: Final = (
    "Repeat the request in a moment, with the same Idempotency-Key if it changes something."
)
_BACK_SOON: Final = {"Retry-After": str(RETRY_SECONDS)}
_INTERNAL: Final = Answer(
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "internal",
    "Something failed on our side; quote the correlation id when asking for support.",
)
_DOWN: Final = Answer(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "unavailable",
    f"A part of the system cannot be reached. {_AGAIN}",
    headers=_BACK_SOON,
)
_LATE: Final = Answer(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "deadline-passed",
    f"The answer did not come in time. {_AGAIN}",
    headers=_BACK_SOON,
)
_NO_ENTRY: Final = Answer(
    HTTPStatus.UNAUTHORIZED,
    "sign-in-refused",
    "E-mail or password is wrong, or the account is disabled; your administrator can help.",
    headers={"WWW-Authenticate": 'Bearer realm="plurali"'},
)
_NO_CLIENT: Final = replace(
    _NO_ENTRY,
    slug="client-refused",
    detail="Id or secret is wrong, or the client has ended; the network's administrator can help.",
)
_NO_CODE: Final = replace(
    _NO_ENTRY,
    slug="proof-refused",
    detail="The code or password does not fit; a code is good for once and for half a minute.",
)
_NO_VOUCHER: Final = replace(
    _NO_ENTRY,
    slug="provider-refused",
    detail="What came back from the identity provider proves nothing; begin again.",
)
_HTTP_SLUGS: Final[Mapping[int, tuple[str, str]]] = {
    400: ("malformed-request", "The request cannot be read."),
    404: (
        "not-found",
        "There is nothing at this address; see /api/v1/openapi.json for what there is.",
    ),
    405: (
        "method-not-allowed",
        "This address does not know that method; the header Allow lists those it knows.",
    ),
    413: ("body-too-large", "The body is larger than 1 MB, or as a file than 6 MB; send less."),
}


def answer_to(failure: BaseException) -> Answer:
    """Return what a failure becomes; whatever is not in the table says nothing about itself."""
    for kind, translate in _TRANSLATIONS:
        if isinstance(failure, kind):
            return translate(failure)
    return _INTERNAL


def _from_category(failure: Any) -> Answer:
    """Translate a refusal of a rule, wherever the rule lives."""
    status = STATUSES.get(failure.category, HTTPStatus.INTERNAL_SERVER_ERROR)
    if status is HTTPStatus.INTERNAL_SERVER_ERROR:
        return _INTERNAL
    headers = _BACK_SOON if status is HTTPStatus.SERVICE_UNAVAILABLE else {}
    errors = tuple(
        FieldProblem(field=path, message=message)
        for path, messages in failure.fields.items()
        for message in messages
    )
    return Answer(status, failure.slug, failure.message, errors, headers)


def _from_http(failure: Any) -> Answer:
    """Translate what Flask and Werkzeug refuse by themselves."""
    status = HTTPStatus(failure.code or 500)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _INTERNAL
    slug, detail = _HTTP_SLUGS.get(status, _HTTP_SLUGS[400])
    return Answer(status, slug, detail, headers=_allow(failure))


def _from_lock(failure: SignInLocked) -> Answer:
    """Translate a door that stays shut for a while."""
    seconds = math.ceil(failure.retry_after.total_seconds())
    return Answer(
        HTTPStatus.TOO_MANY_REQUESTS,
        "sign-in-locked",
        "Too many attempts failed, for this account or from this address; come back later.",
        headers={"Retry-After": str(seconds)},
    )


def _from_limit(failure: TooManyRequests) -> Answer:
    """Translate a caller who asks more than there is for one."""
    allowance = failure.allowance
    return Answer(
        HTTPStatus.TOO_MANY_REQUESTS,
        "too-many-requests",
        f"There are {allowance.limit} requests in a window, and all of them are used;"
        f" the next one begins in {allowance.seconds} seconds.",
        headers={"Retry-After": str(allowance.seconds)},
    )


def _from_circuit(failure: CircuitOpen) -> Answer:
    """Translate a service that is not asked for a while."""
    return replace(_DOWN, headers={"Retry-After": str(math.ceil(failure.retry_after))})


def _allow(failure: Any) -> Mapping[str, str]:
    """Return the header that tells the methods of an address, if the failure knows them."""
    methods = getattr(failure, "valid_methods", None)
    return {"Allow": ", ".join(sorted(methods))} if methods else {}


_TRANSLATIONS: Final[tuple[tuple[type[BaseException], Callable[[Any], Answer]], ...]] = (
    (RefusedError, lambda failure: failure.answer),
    (SignInRefused, lambda _: _NO_ENTRY),
    (ClientRefused, lambda _: _NO_CLIENT),
    (CodeRefused, lambda _: _NO_CODE),
    (ProviderRefused, lambda _: _NO_VOUCHER),
    (SignInLocked, _from_lock),
    (TooManyRequests, _from_limit),
    (CircuitOpen, _from_circuit),
    (ServiceTimeout, lambda _: _LATE),
    (ServiceUnavailable, lambda _: _DOWN),
    (ServiceError, _from_category),
    (DomainError, _from_category),
    (HTTPException, _from_http),
    (OperationalError, lambda _: _DOWN),
    (PoolExhausted, lambda _: _DOWN),
)
