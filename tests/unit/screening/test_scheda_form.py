"""A version of the form is used only if it is whole and without contradiction."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from contracts.language import NotFound
from contracts.screening import Form
from services.screening.domain.conditions import FormInvalid, read_condition
from services.screening.domain.texts import show_form
from services.screening.forms import DATA, Shelf, read_shelf
from tests.support.scheda import SCHEDA, pathways

WRITTEN = json.loads((DATA / "scheda-0.1.json").read_text(encoding="utf-8"))


def item(form: dict[str, Any], code: str) -> dict[str, Any]:
    """Return a question of a form file."""
    found: dict[str, Any] = next(row for row in form["items"] if row["code"] == code)
    return found


def pathway(form: dict[str, Any], code: str) -> dict[str, Any]:
    """Return a pathway of a form file."""
    found: dict[str, Any] = next(row for row in form["pathways"] if row["code"] == code)
    return found


def written(folder: Path, change: Callable[[dict[str, Any]], Any], version: str = "0.1") -> Shelf:
    """Write a changed form and read it."""
    form = copy.deepcopy(WRITTEN)
    form["version"] = version
    change(form)
    path = folder / f"scheda-{version}.json"
    path.write_text(json.dumps(form), encoding="utf-8")
    return read_shelf([path])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param(lambda f: f.pop("triggers"), "triggers", id="part-missing"),
        pytest.param(lambda f: f.update(colour="red"), "colour", id="part-unknown"),
        pytest.param(lambda f: item(f, "CAS1").update(weight=2), "weight", id="key-unknown"),
        pytest.param(lambda f: item(f, "CAS1").update(kind="maybe"), "kind", id="kind-unknown"),
        pytest.param(
            lambda f: item(f, "CAS1")["options"][0].update(urgent="9y"), "urgent", id="term-unknown"
        ),
        pytest.param(lambda f: item(f, "CAS1").update(domain="XXX"), "domain XXX", id="domain"),
        pytest.param(lambda f: item(f, "CAS1").update(options=[]), "no options", id="no-options"),
        pytest.param(
            lambda f: f["items"].append(item(f, "CAS1")), "CAS1 appears twice", id="twice"
        ),
        pytest.param(
            lambda f: item(f, "CAS1")["options"].append(item(f, "CAS1")["options"][0]),
            "a appears twice",
            id="option-twice",
        ),
        pytest.param(
            lambda f: item(f, "IST3")["options"][0].update(code="NS"), "missing answer", id="NS"
        ),
        pytest.param(
            lambda f: item(f, "CAS1")["options"][0].pop("score"), "score", id="score-missing"
        ),
        pytest.param(
            lambda f: item(f, "RET4")["options"][0].update(score=1), "score", id="score-of-info"
        ),
        pytest.param(
            lambda f: item(f, "CAS1").update(multiple=True),
            "takes one answer",
            id="scored-multiple",
        ),
        pytest.param(
            lambda f: f["sections"][0].update(thresholds=[20, 10, 30]), "rising", id="thresholds"
        ),
        pytest.param(
            lambda f: f["sections"][0].update(thresholds=[20, 30]), "rising", id="two-thresholds"
        ),
        pytest.param(lambda f: f["modes"].pop("L2"), "modes", id="mode-missing"),
        pytest.param(lambda f: f["triggers"].pop("CAS"), "triggers", id="trigger-missing"),
        pytest.param(
            lambda f: f["triggers"]["CAS"].pop("L1"), "triggers.CAS", id="trigger-level-missing"
        ),
        pytest.param(
            lambda f: f["triggers"]["CAS"].update(ND=["CAS.1"]), "triggers.CAS", id="trigger-of-ND"
        ),
        pytest.param(lambda f: f["profiles"].pop(), "profiles", id="no-last-profile"),
        pytest.param(
            lambda f: f["facts"]["lin"][1].update(score_of="LIN4"), "not a scored", id="fact-item"
        ),
        pytest.param(
            lambda f: f["facts"]["lin"][1].update(value=1), "either a value", id="fact-twice"
        ),
        pytest.param(
            lambda f: item(f, "CAS2").update(show_if=[["CAS1", "like", "d"]]),
            "unknown operator 'like'",
            id="operator",
        ),
        pytest.param(
            lambda f: item(f, "CAS2").update(show_if=[["CAS9", "ne", "d"]]),
            "CAS9 is not known here",
            id="unknown-item",
        ),
        pytest.param(
            lambda f: item(f, "CAS2").update(show_if=[["CAS1", "ne", "x"]]),
            "no answer to CAS1",
            id="unknown-option",
        ),
        pytest.param(
            lambda f: item(f, "CAS1").update(show_if=[["CAS2", "ne", "a"]]),
            "CAS2 is not known here",
            id="later-item",
        ),
        pytest.param(
            lambda f: item(f, "CAS2").update(show_if=[["ctx.religion", "eq", "x"]]),
            "ctx.religion is not known here",
            id="unknown-context",
        ),
        pytest.param(
            lambda f: item(f, "CON1").update(show_if=[["SIC2", "ne", "a"]]),
            "SIC2 is not known here",
            id="safety-told-by-questions",
        ),
        pytest.param(
            lambda f: item(f, "CAS2").update(show_if=[["level.DOC", "ge", 1]]),
            "level.DOC is not known here",
            id="level-before-scoring",
        ),
        pytest.param(
            lambda f: f["profiles"][0].update(when=[["profile", "eq", "P2"]]),
            "profile is not known here",
            id="profile-from-profile",
        ),
        pytest.param(
            lambda f: pathway(f, "IMP").update(when=[["LAV5", "eq", "d"]]),
            "does not fit the answers of LAV5",
            id="single-test-of-multiple",
        ),
        pytest.param(
            lambda f: pathway(f, "IMP").update(when=[["LAV1", "contains", "a"]]),
            "does not fit the answers of LAV1",
            id="contains-in-single",
        ),
        pytest.param(
            lambda f: pathway(f, "IMP").update(when=[["score.RET4", "ge", 1]]),
            "score.RET4 is not known here",
            id="score-of-info-item",
        ),
    ],
)
def test_contradiction_stops_the_form(
    tmp_path: Path, change: Callable[[dict[str, Any]], Any], says: str
) -> None:
    """The whole file is refused, and the message names the place."""
    with pytest.raises(FormInvalid, match=says) as refused:
        written(tmp_path, change)
    assert "scheda-0.1.json" in str(refused.value)


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "CAS1 == 'a'",
        7,
        {},
        {"all": []},
        {"any": [["a", "eq", 1]], "all": [["a", "eq", 1]]},
        {"some": [["a", "eq", 1]]},
        [["a", "eq"]],
        ["a", "ge", "3"],
        ["a", "ge", True],
        ["a", "in", "abc"],
        ["a", "eq", None],
        ["a", "contains", ["a"]],
        ["a", "known", "yes"],
    ],
)
def test_condition_of_another_shape_is_refused(raw: Any) -> None:
    """Nothing is guessed, nothing is evaluated."""
    with pytest.raises(FormInvalid):
        read_condition(raw, "here")


@pytest.mark.parametrize(
    ("raw", "facts", "holds"),
    [
        ([], {}, True),
        (["a", "eq", 1], {"a": 1}, True),
        (["a", "eq", 1], {}, False),
        (["a", "ne", 1], {}, True),
        (["a", "in", ["x", "y"]], {"a": "y"}, True),
        (["a", "in", ["x", "y"]], {}, False),
        (["a", "not_in", ["x"]], {}, True),
        (["a", "lt", 2], {"a": 2}, False),
        (["a", "le", 2], {"a": 2}, True),
        (["a", "gt", 2], {"a": 2}, False),
        (["a", "ge", 2], {"a": 2}, True),
        (["a", "ge", 0], {}, False),
        (["a", "contains", "x"], {"a": ("x", "y")}, True),
        (["a", "contains", "x"], {}, False),
        (["a", "known", True], {"a": 0}, True),
        (["a", "known", False], {}, True),
        ([["a", "eq", 1], ["b", "eq", 2]], {"a": 1}, False),
        ({"any": [["a", "eq", 1], ["b", "eq", 2]]}, {"a": 1}, True),
        ({"all": [["a", "eq", 1], {"not": ["b", "eq", 2]}]}, {"a": 1, "b": 3}, True),
        ({"not": {"any": [["a", "eq", 1]]}}, {"a": 1}, False),
    ],
)
def test_condition_holds(raw: Any, facts: dict[str, Any], *, holds: bool) -> None:
    """Each operator and combination, with known and unknown facts."""
    assert read_condition(raw, "here").holds(facts) is holds


def test_file_must_carry_the_name_of_its_version(tmp_path: Path) -> None:
    """A copy under another name would hide which rules are in force."""
    path = tmp_path / "scheda-9.9.json"
    path.write_text(json.dumps(WRITTEN), encoding="utf-8")
    with pytest.raises(FormInvalid, match=r"its version is 0\.1"):
        read_shelf([path])


def test_empty_shelf_is_refused() -> None:
    """A service without any form must not start."""
    with pytest.raises(FormInvalid):
        read_shelf([])


def shelf_of_two(folder: Path) -> Shelf:
    """Return a shelf with the form and a later version of it."""
    written(folder, lambda _form: None)
    written(folder, lambda form: form.update(valid_from="2027-01-01"), version="0.2")
    return read_shelf(folder.glob("*.json"))


@pytest.mark.parametrize(
    ("today", "version"),
    [("2020-01-01", "0.1"), ("2026-12-31", "0.1"), ("2027-01-01", "0.2"), ("2030-01-01", "0.2")],
)
def test_form_in_force_changes_on_its_day(tmp_path: Path, today: str, version: str) -> None:
    """A newer version waits for its day."""
    assert shelf_of_two(tmp_path).in_force(date.fromisoformat(today)).version == version


def test_old_versions_stay_readable(tmp_path: Path) -> None:
    """A draft goes on with the form it was started with."""
    assert shelf_of_two(tmp_path).version("0.1").version == "0.1"


def test_unknown_version_does_not_exist(tmp_path: Path) -> None:
    """Another version is not found."""
    with pytest.raises(NotFound):
        shelf_of_two(tmp_path).version("7.7")


def test_form_is_shown_without_its_scores() -> None:
    """A worker sees questions, options and conditions; how answers count is not told."""
    form = show_form(SCHEDA)
    assert Form.load(form.dump()) == form
    assert len(form.items) == 45
    assert "score" not in json.dumps(form.dump()["items"][0]["options"])
    assert [section.code for section in form.sections if section.safety] == ["SIC"]
    assert [label.code for label in form.pathways][-1] == "PAI"


def test_every_text_is_in_both_languages() -> None:
    """Italian and English of every question and option, and no option invites free text."""
    texts = [(item.it, item.en) for item in SCHEDA.items]
    texts += [(option.it, option.en) for item in SCHEDA.items for option in item.options]
    assert all(it and en for it, en in texts)
    assert not any("testo" in it for it, _ in texts)


def test_form_can_be_written_with_every_kind_of_condition(tmp_path: Path) -> None:
    """Negations, questions that may be unanswered, and derived facts without a value."""

    def change(form: dict[str, Any]) -> None:
        form["facts"]["lin"] = [{"when": [["ctx.age", "ge", 150]], "value": 1}]
        pathway(form, "CUL")["when"] = {"not": ["RET4", "known", True]}

    (scheda,) = written(tmp_path, change).versions
    suggested = pathways({"LIN1": "d", "LIN2": "d", "LIN3": "c"}, scheda=scheda)
    assert "CUL" in suggested
    assert "ITA" not in suggested
