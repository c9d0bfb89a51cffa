"""What came of a journey: tables for a person, or one JSON document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from launcher.journey.comparison import own_events
from launcher.journey.course import Course, Json


def as_data(course: Course, agencies: Mapping[str, str]) -> dict[str, Any]:
    """Return a journey as JSON data; ``agencies`` names the organizations by id."""
    result = course.result
    return {
        "vignette": course.vignette.code,
        "ok": course.ok,
        "missing": course.missing,
        "person_id": course.person_id,
        "screening_id": course.screening.get("screening_id"),
        "profile": result.get("profile"),
        "levels": {each["domain"]: each["level"] for each in result.get("domains", ())},
        "indexes": {each["domain"]: each.get("index") for each in result.get("domains", ())},
        "urgent": [[each["item"], each["term"]] for each in result.get("urgent", ())],
        "needs": [_need(each) for each in course.needs],
        "referrals": [_referral(each, course, agencies) for each in course.referrals],
        "pathways": [
            {"code": each["pathway"], "state": each["state"], "safety": each["safety"]}
            for each in course.enrolments
        ],
        "closed_need": course.closed or None,
        "subscriber_events": [
            {name: each[name] for name in ("id", "type", "subject", "sequence")}
            for each in own_events(course)
        ],
        "timeline_entries": len(course.timeline),
        "steps": [{"step": each.name, "ms": each.milliseconds} for each in course.steps],
        "total_ms": round(sum(each.milliseconds for each in course.steps), 1),
    }


def as_text(course: Course, agencies: Mapping[str, str]) -> str:
    """Return a journey as tables."""
    data = as_data(course, agencies)
    events = Counter(each["type"] for each in data["subscriber_events"])
    levels = [
        f"{domain} {level} ({'-' if data['indexes'][domain] is None else data['indexes'][domain]})"
        for domain, level in data["levels"].items()
    ]
    parts = [
        f"Vignette {data['vignette']}: {course.vignette.en}",
        f"  person {data['person_id']}, screening {data['screening_id']}",
        "",
        _table(("step", "ms"), ((each["step"], each["ms"]) for each in data["steps"])),
        f"  levels     {', '.join(levels)}",
        f"  profile    {data['profile']}",
        f"  urgent     {_listed(f'{item} within {term}' for item, term in data['urgent'])}",
        f"  unmatched  {_listed(_unmatched(data['needs']))}",
        "",
        _table(
            ("area", "service", "agency", "state", "safety"),
            (
                (each["area"], each["service"], each["agency"], each["state"], each["safety"])
                for each in data["referrals"]
            ),
        ),
        _table(("pathway", "state"), ((each["code"], each["state"]) for each in data["pathways"])),
        f"  subscriber {_listed(f'{number} x {kind}' for kind, number in sorted(events.items()))}",
        "",
        "  Everything expected arrived, and nothing else."
        if course.ok
        else "  MISSING\n" + "\n".join(f"    {each}" for each in data["missing"]),
    ]
    return "\n".join(parts)


def _need(need: Json) -> Json:
    names = ("category", "domains", "mode", "state", "decision", "safety")
    return {**{name: need[name] for name in names}, "unmatched": need.get("unmatched", [])}


def _referral(referral: Json, course: Course, agencies: Mapping[str, str]) -> Json:
    services = {
        each["service_id"]: each["details"]["name"]
        for found in course.directory.values()
        for each in found
    }
    return {
        "area": referral["category"],
        "service": services.get(referral["service_id"], referral["service_id"]),
        "agency": agencies.get(referral["to_agency_id"], referral["to_agency_id"]),
        "state": referral["state"],
        "safety": referral["safety"],
    }


def _unmatched(needs: Iterable[Json]) -> list[str]:
    return [
        f"{each['category']} ({', '.join(each['unmatched'])})"
        for each in needs
        if each["unmatched"]
    ]


def _listed(parts: Iterable[str]) -> str:
    return ", ".join(parts) or "none"


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return rows under their heads, numbers to the right."""
    lines = [[*head], *([_cell(value) for value in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        [
            "    " + "  ".join(map(str.ljust, line, widths)).rstrip()
            for line in [lines[0], ["-" * width for width in widths], *lines[1:]]
        ]
        + [""]
    )


def _cell(value: object) -> str:
    return {True: "yes", False: ""}[value] if isinstance(value, bool) else str(value)
