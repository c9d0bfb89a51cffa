"""What one screen is, what it is given, and what it can come to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final, Literal, TypeVar

from werkzeug.datastructures import FileStorage, MultiDict

from chassis.errors import ServiceTimeout, ServiceUnavailable
from contracts.access import AccessPurpose
from contracts.language import Forbidden, NotFound, Request, Resource
from gateway.desk import Turn
from gateway.identity.domain import Pending
from gateway.problems import Answer
from gateway.web.languages import Language
from gateway.web.speaker import Speaker

A = TypeVar("A", bound=Resource)
Switch = Literal["on", "off"]
Form = MultiDict[str, str]
Files = MultiDict[str, FileStorage]

_ELSEWHERE: Final = (NotFound.slug, Forbidden.slug)


@dataclass(frozen=True)
class Gathered:
    """Answers to optional questions: whatever did not come is absent, and its service is named."""

    answers: Mapping[str, Any]
    silent: tuple[str, ...]

    def __getattr__(self, name: str) -> Any:
        """Return an answer by its name, or nothing where it is absent."""
        if name.startswith("__"):
            raise AttributeError(name)
        return self.answers.get(name)


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One person at one screen: the turn, the address's parts, what was typed, in which language.

    ``refusal`` is set where the screen is shown again because what was sent could not be done.
    """

    turn: Turn
    language: Language
    speaker: Speaker
    path: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    query: Form = field(default_factory=MultiDict)
    form: Form = field(default_factory=MultiDict)
    refusal: Answer | None = None
    files: Files = field(default_factory=MultiDict)
    live: bool = False
    """Whether a part of a page asks, and not the browser for a whole one."""

    def can(self, permission: str) -> bool:
        """Tell whether the person at the desk holds a permission; nobody signed in holds any."""
        session = self.turn.session
        return session is not None and session.principal.scope(permission) is not None

    def ask(self, request: Request[A]) -> A:
        """Put one question to its service."""
        return self.turn.line.ask(request)

    def ask_all(self, *requests: Request[Any]) -> Sequence[Any]:
        """Put questions at the same time; the first one's failure is raised."""
        return self.turn.line.ask_all(*requests)

    def gather(self, **requests: Request[Any] | None) -> Gathered:
        """Put questions at the same time that the page can do without.

        What the person may not ask is not asked; a service that is down is named.
        """
        asked = {
            name: request
            for name, request in requests.items()
            if request is not None and self.can(request.permission)
        }
        outcomes = self.turn.line.ask_each(*asked.values())
        answers: dict[str, Any] = {}
        silent: list[str] = []
        for (name, request), outcome in zip(asked.items(), outcomes, strict=True):
            if isinstance(outcome, ServiceUnavailable | ServiceTimeout):
                silent.append(request.addressee)
            elif not isinstance(outcome, Exception):
                answers[name] = outcome
            elif getattr(outcome, "slug", None) not in _ELSEWHERE:
                raise outcome
        return Gathered(answers, tuple(dict.fromkeys(silent)))

    def refused(self, refusal: Answer) -> Visit:
        """Return the same visit, told why what was sent could not be done."""
        return replace(self, refusal=refusal)


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page, or a part of one, to be made from a template."""

    template: str
    context: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    status: HTTPStatus = HTTPStatus.OK


@dataclass(frozen=True, kw_only=True)
class Go:
    """Another address to go to, with a sentence to be shown there, which names nobody."""

    to: str
    said: str = ""
    language: Language | None = None
    """The language to be spoken from now on, where that was chosen."""
    departs: str | None = None
    """What the browser keeps while its person is away at an identity provider."""
    shortcuts: Switch | None = None
    """Whether the keyboard's shortcuts work from now on, where that was chosen."""


@dataclass(frozen=True, kw_only=True)
class Download:
    """A file to be kept by the person at the desk."""

    body: bytes
    media: str
    name: str
    inline: bool = False
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, kw_only=True)
class Entered:
    """The door opened: the token goes into the browser's cookie; then another address."""

    token: str
    then: Page | Go


@dataclass(frozen=True, kw_only=True)
class Left:
    """The door closed: the cookie goes; then another address."""

    to: str


Outcome = Page | Go | Download | Entered | Left
Deed = Callable[[Visit], Outcome]


@dataclass(frozen=True, kw_only=True)
class Screen:
    """One address of the pages: what it shows, and what it takes.

    ``name`` names the route, and in the access log what was done; ``shown_again`` names the screen
    that is shown when what was sent here is refused, by default this one. ``admits`` is what a
    caller may still owe, ``fresh`` wants a recent proof of who is at the desk. ``purpose`` is why
    persons are looked at here, where that is clear. A screen that ``searches`` persons leaves a row
    in the access log even when it met none. What is sent to one that is ``for_mail_programs`` comes
    from no form of ours: its address is the only proof. Only one that ``takes_files`` may be sent
    more than a usual form.
    """

    name: str
    path: str
    shows: Deed | None = None
    takes: Deed | None = None
    shown_again: str = ""
    permission: str | None = None
    anonymous: bool = False
    admits: frozenset[Pending] = frozenset()
    fresh: bool = False
    purpose: AccessPurpose | None = None
    searches: bool = False
    for_mail_programs: bool = False
    takes_files: bool = False

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods that the address knows."""
        known = (("GET", self.shows), ("POST", self.takes))
        return tuple(method for method, deed in known if deed is not None)
