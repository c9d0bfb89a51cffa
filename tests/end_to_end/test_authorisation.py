"""The whole matrix of authorisation at the real doors: every role, operation and relation."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import pytest

from contracts.access import PERMISSIONS, Role
from gateway.api.authorisation import (
    LISTS,
    RULES,
    Relation,
    Verdict,
    guarded_operations,
    relations,
    verdict,
)
from gateway.api.operation import Operation
from launcher.journey.chain import Network
from launcher.journey.client import Client
from launcher.stack import Stack
from tests.support.authorising import Callers, Prepared, Records, join, prepare, told
from tests.support.bad_input import UNKNOWN_ID
from tests.support.running import signed_in

_AFTER_ACCEPTANCE: Final = frozenset({"referral_start", "referral_completion", "referral_failure"})
_AT_ONCE: Final = 6
_REFUSED: Final = {Verdict.HIDDEN: 404, Verdict.NO: 403}
_OPERATIONS: Final = {each.name: each for each in guarded_operations()}


@dataclass(frozen=True)
class Cell:
    """One question of the matrix."""

    operation: Operation
    role: Role
    relation: Relation

    @property
    def expected(self) -> Verdict:
        """How the caller must be answered."""
        return verdict(self.operation, self.role, self.relation)

    def __str__(self) -> str:
        """Return what a person calls the cell."""
        return f"{self.operation.name} as {self.role} ({self.relation})"


_CELLS: Final = tuple(
    Cell(operation, role, relation)
    for operation in _OPERATIONS.values()
    for role in Role
    for relation in relations(operation)
)


@pytest.fixture(scope="module")
def prepared(network: Network, desk: Client, worker: Client) -> Prepared:
    """Give the records."""
    return prepare(network, desk, worker)


@pytest.fixture(scope="module")
def callers(stack: Stack, prepared: Prepared, worker: Client) -> Iterator[Callers]:
    """Give everybody who could knock, on the teams where they are to be."""
    with signed_in(stack, "CIDIS", Role.ADMINISTRATOR) as administrator:
        everybody = Callers(stack, administrator)
        everybody.let_in(frozenset(prepared.agencies.values()))
        everybody.open_in_emergency(prepared)
        join(prepared, everybody, worker)
        yield everybody


@pytest.fixture(scope="module")
def wrong(prepared: Prepared, callers: Callers) -> dict[str, str]:
    """Put every cell to the running system: refusals first, while the records are untouched."""
    found: dict[str, str] = {}

    def put(cells: Iterable[Cell]) -> None:
        chosen = list(cells)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            failures = pool.map(lambda cell: _failure(cell, prepared, callers), chosen)
            found.update(
                (str(cell), said) for cell, said in zip(chosen, failures, strict=True) if said
            )

    lists = [cell for cell in _CELLS if cell.operation.name in LISTS]
    single = [cell for cell in _CELLS if cell.operation.name not in LISTS]
    early = [cell for cell in single if cell.operation.name not in _AFTER_ACCEPTANCE]
    late = [cell for cell in single if cell.operation.name in _AFTER_ACCEPTANCE]
    put(lists)
    put(cell for cell in early if cell.expected is not Verdict.YES)
    accepting = Cell(_OPERATIONS["referral_acceptance"], Role.CASE_WORKER, Relation.RECEIVING)
    put([accepting])
    put(cell for cell in late if cell.expected is not Verdict.YES)
    allowed = [cell for cell in single if cell.expected is Verdict.YES and cell != accepting]
    # What is read first cannot have been ended by a move that is allowed, too.
    put(cell for cell in allowed if cell.operation.method == "GET")
    put(cell for cell in allowed if cell.operation.method != "GET")
    return found


def test_every_cell_of_the_matrix_is_as_documented(
    wrong: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Every role is answered as the matrix says, and nobody is shown what is not theirs."""
    leaks = sum("shown" in failure for failure in wrong.values())
    with capsys.disabled():
        count = f"authorisation: {len(_CELLS)} cells, {len(wrong)} wrong, {leaks} leaks"
        sys.stdout.write(f"\n{count}\n")
    report = [f"{cell}: {failure}" for cell, failure in wrong.items()]
    assert not report, "\n".join(report)


_TRACES: Final = ("SIC", "PAI", "P3")
"""What the screening and what followed from it hold only by the answers about safety."""


def _views(records: Records) -> Iterator[str]:
    """Yield every way of looking at an interview and at what followed from it."""
    screening, person = f"/screenings/{records.interview}", f"/people/{records.person_id}"
    yield from (screening, f"{screening}/preview", f"/screenings?person_id={records.person_id}")
    for part in ("screenings", "needs", "referrals", "enrolments", "timeline?limit=100"):
        yield f"{person}/{part}"


@pytest.mark.parametrize(
    ("role", "relation", "shown"),
    [
        (Role.CASE_WORKER, Relation.SAFETY, True),
        (Role.AGENCY_COORDINATOR, Relation.OUTSIDE, True),
        (Role.CASE_WORKER, Relation.OUTSIDE, False),
        (Role.DESK_OPERATOR, Relation.SAFETY, False),
        (Role.NETWORK_COORDINATOR, Relation.SAFETY, False),
    ],
)
@pytest.mark.usefixtures("wrong")
def test_answers_about_safety_stay_within_the_team(
    prepared: Prepared, callers: Callers, role: Role, relation: Relation, *, shown: bool
) -> None:
    """Colleagues read the interview as if nobody had asked, by whichever way they look."""
    records = prepared.safety if relation is Relation.SAFETY else prepared.outside
    home = prepared.agencies[relation]
    traces = {*_TRACES, *records.secrets}
    found = {}
    for path in _views(records):
        answer = callers.ask(role, home, "GET", path)
        assert answer.status_code == 200, path
        text = told(answer, path)
        found[path] = any(trace in text for trace in traces)
    assert set(found.values()) == {shown}, found


def _failure(cell: Cell, prepared: Prepared, callers: Callers) -> str:
    """Say what is wrong with the answer to a cell, or nothing."""
    records = {
        Relation.SAFETY: prepared.safety,
        Relation.OUTSIDE: prepared.outside,
    }.get(cell.relation, prepared.ordinary)
    if cell.operation.name in LISTS:
        return _failure_of_list(cell, records, prepared, callers)
    path = _path(cell, records, prepared, callers)
    body = prepared.bodies.get(cell.operation.name)
    answer = _ask(cell, callers, prepared, path, body)
    if cell.expected is Verdict.YES:
        return _unwelcome(cell, answer) or _failure_of_parts(cell, answer)
    shown = {each for each in records.secrets if each in told(answer, path)}
    if shown:
        return f"{len(shown)} secrets shown with {answer.status_code}"
    accepted = {_REFUSED[cell.expected]}
    if cell.expected is Verdict.NO and _is_out_of_turn(cell):
        accepted.add(409)
    return "" if answer.status_code in accepted else f"{answer.status_code} for {cell.expected}"


def _is_out_of_turn(cell: Cell) -> bool:
    """Tell whether the record stands where nobody could make the move, whichever side asks."""
    sent_already = cell.operation.name == "referral_request"
    safety = cell.relation in {Relation.SAFETY, Relation.OUTSIDE}
    not_accepted = safety and cell.operation.name in _AFTER_ACCEPTANCE
    return sent_already or not_accepted


def _unwelcome(cell: Cell, answer: Any) -> str:
    """Say how somebody who is allowed was turned away, or nothing."""
    status, slug = answer.status_code, _slug(answer)
    if cell.operation.name in RULES:
        refused = status in {401, 403, 404} or status >= 500 or slug == "invalid-request"
    else:
        refused = status == 401 or status >= 500 or slug == "permission-missing"
    return f"{status} {slug} for {cell.expected}" if refused else ""


def _failure_of_parts(cell: Cell, answer: Any) -> str:
    """Say which part that hangs on the answer is shown to somebody who may not ask for it."""
    permitted = PERMISSIONS[cell.role]
    parts = cell.operation.embeds
    closed = {name for name, each in parts.items() if each.asks.permission not in permitted}
    shown = closed & answer.json()["embedded"].keys() if parts else ()
    return f"{sorted(shown)} shown beside it" if shown else ""


def _failure_of_list(cell: Cell, records: Records, prepared: Prepared, callers: Callers) -> str:
    """Say what is wrong with a list, however it is filtered and wherever a page begins."""
    permitted = verdict(cell.operation, cell.role, Relation.OWN) is not Verdict.NO
    shown = False
    for path, body in _askings(cell.operation, prepared):
        answer = _ask(cell, callers, prepared, path, body)
        if not permitted:
            if answer.status_code != 403:
                return f"{answer.status_code} for no"
            continue
        if answer.status_code != 200:
            return f"{answer.status_code} {_slug(answer)} for a list"
        text = told(answer, path)
        shown = shown or any(each in text for each in records.secrets)
    expected = cell.expected is Verdict.YES
    return "" if shown == expected else f"shown: {shown}, for {cell.expected}"


def _askings(operation: Operation, prepared: Prepared) -> Iterator[tuple[str, Any]]:
    """Yield ways of asking for a list: plain, filtered by guessed ids, from a guessed page on."""
    if operation.method == "POST":
        criteria = prepared.bodies[operation.name]
        yield operation.path, criteria
        if "cursor" in operation.other_names:
            yield operation.path, {**criteria, "cursor": "ffffffff-ffff-ffff-ffff-ffffffffffff"}
        return
    if "limit" not in operation.other_names:
        yield operation.path, None
        return
    yield f"{operation.path}?limit=100", None
    filters = {"person_id", "screening_id", "need_id"} & set(operation.other_names)
    for name in sorted(filters & prepared.ordinary.ids.keys()):
        yield f"{operation.path}?limit=100&{name}={prepared.ordinary.ids[name]}", None
    yield f"{operation.path}?limit=100&cursor=ffffffff-ffff-ffff-ffff-ffffffffffff", None


def _path(cell: Cell, records: Records, prepared: Prepared, callers: Callers) -> str:
    """Return the path with the ids of the records, or with one that names nothing.

    Whatever may hang on the answer is asked for, too. An emergency access is the role's own where
    it is to be read by, and else the case worker's.
    """
    operation = cell.operation
    opened = callers.emergencies
    reads = operation.name == "emergency_person" and cell.role in opened
    access = {"access_id": opened[cell.role if reads else Role.CASE_WORKER]}
    known = {**prepared.bodies["service_id"], **prepared.ordinary.ids, **access, **records.ids}
    named = known if operation.name in RULES else {}
    path = operation.path.format(
        **{name: named.get(name, UNKNOWN_ID) for name in operation.path_names}
    )
    return f"{path}?embed={','.join(operation.embeds)}" if operation.embeds else path


def _ask(cell: Cell, callers: Callers, prepared: Prepared, path: str, body: Any) -> Any:
    sent = (body or {}) if cell.operation.method in {"POST", "PUT", "PATCH"} else None
    agency = prepared.agencies[cell.relation]
    conditions = prepared.conditions.get(cell.operation.name, {})
    return callers.ask(cell.role, agency, cell.operation.method, path, sent, conditions=conditions)


def _slug(answer: Any) -> str:
    """Return the stable name of a problem."""
    try:
        content = answer.json()
    except ValueError:
        return ""
    return str(content.get("type", "")).rpartition(":")[2] if isinstance(content, dict) else ""
