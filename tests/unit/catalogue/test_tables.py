"""The taxonomy and the demonstration directory: consistent with each other and with the form."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid5

import pytest

from contracts.catalogue import Organization, PublishOrganization, PublishService
from services.catalogue import domain
from services.catalogue.tables import DATA, tables

ROOT: Final = Path(__file__).parents[3]
DEMONSTRATION: Final = ROOT / "examples" / "demonstration"
NAMESPACE: Final = UUID("4b11ba0c-e2e4-54fa-b1e7-c0bb4526cce4")
TODAY: Final = date(2026, 11, 22)


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


TERMS: Final = _read(DATA / "taxonomy.json")["terms"]
ORGANIZATIONS: Final = _read(DEMONSTRATION / "organizations.json")["organizations"]
SERVICES: Final = _read(DEMONSTRATION / "services.json")
WHOLE: Final = [
    {
        "service_id": entry["service_id"],
        "details": {
            **entry["details"],
            "assured_date": TODAY.isoformat(),
            "review_due_on": (TODAY + timedelta(SERVICES["review_after_days"])).isoformat(),
        },
    }
    for entry in SERVICES["services"]
]


def test_the_taxonomy_has_fifteen_areas_and_fifty_seven_categories() -> None:
    """None was lost on the way here."""
    areas = [term for term in TERMS if "parent" not in term]
    assert (len(areas), len(tables().leaves)) == (15, 57)


def test_codes_are_unique_and_every_parent_stands_before_its_children() -> None:
    """Whoever reads the list in order can build the tree."""
    codes = [term["code"] for term in TERMS]
    seen: set[str] = set()
    for term in TERMS:
        assert term.get("parent", term["code"]) in {*seen, term["code"]}
        seen.add(term["code"])
    assert len(codes) == len(set(codes))


def test_every_category_leads_to_other_taxonomies() -> None:
    """The mappings that reports and exchanges need are kept beside the code."""
    without = [term["code"] for term in TERMS if "parent" in term and not term.get("mappings")]
    assert without == []


@pytest.mark.parametrize("name", ["taxonomy", "municipalities"])
def test_every_table_names_its_source(name: str) -> None:
    """Data without a source cannot be corrected."""
    assert len(_read(DATA / f"{name}.json")["source"]) > 20


@pytest.mark.parametrize("entry", ORGANIZATIONS, ids=lambda entry: entry["name"])
def test_a_demonstration_organization_can_be_published(entry: dict[str, Any]) -> None:
    """It is the command's content as it stands, under an id made from its name."""
    command = PublishOrganization.load({"organization": entry})
    assert command.organization.organization_id == uuid5(NAMESPACE, entry["name"])


@pytest.mark.parametrize("entry", WHOLE, ids=lambda entry: entry["details"]["name"])
def test_a_demonstration_service_can_be_published(entry: dict[str, Any]) -> None:
    """With the two dates of the seeding it is a publication that the rules accept."""
    command = PublishService.load(entry)
    outcome = domain.publish_service(
        command,
        current=None,
        publisher=command.details.organization_id,
        organization_known=str(command.details.organization_id)
        in {organization["organization_id"] for organization in ORGANIZATIONS},
        tables=tables(),
        today=TODAY,
    )
    assert outcome.events


def test_the_demonstration_services_have_lasting_ids() -> None:
    """Seeding twice replaces and never doubles."""
    codes = [f"SRV-{number:03}" for number in range(1, 49)]
    assert [entry["code"] for entry in SERVICES["services"]] == codes
    ids = [UUID(entry["service_id"]) for entry in SERVICES["services"]]
    assert ids == [uuid5(NAMESPACE, code) for code in codes]


def test_every_category_has_a_demonstration_service() -> None:
    """Whatever a screening suggests, somebody offers it."""
    offered = {code for entry in SERVICES["services"] for code in entry["details"]["categories"]}
    assert tables().leaves <= offered


def test_only_real_partners_bear_a_real_name() -> None:
    """Whatever is invented says so."""
    real = {entry["name"] for entry in ORGANIZATIONS if not entry["demonstration"]}
    invented = [Organization.load(entry) for entry in ORGANIZATIONS if entry["demonstration"]]
    assert real == {
        "CIDIS",
        "Comune di Orbassano",
        "Comune di Piossasco",
        "Comune di Rivalta di Torino",
        "Cooperativa Orso",
        "Renken Onlus",
    }
    assert all("demo" in organization.name.lower() for organization in invented)


def test_the_antiviolence_centre_has_no_address() -> None:
    """Not even an invented one: somebody would get used to seeing it."""
    (centre,) = (entry for entry in SERVICES["services"] if entry["code"] == "SRV-040")
    assert (centre["details"].get("address"), centre["details"]["address_public"]) == (None, False)
