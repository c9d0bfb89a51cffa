"""`./plurali audit`: what is built in from elsewhere, under which licences, with which known holes.

A database of advisories that cannot be asked is told in plain words and fails nothing: a machine
without a way out can still be tested. That it can be asked is proven each time by a package whose
hole is known to everybody; an answer without it would be no answer.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from launcher.failures import ExitCode
from launcher.settings import ROOT

_DATA: Final = Path(__file__).parent / "data" / "licences.json"
_LOCKS: Final = ("runtime", "tracing", "test")
_ASSETS: Final = ROOT / "gateway" / "web" / "assets" / "package-lock.json"
_PINNED: Final = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^\]]*\])?==([^ ;\\]+)", re.MULTILINE)
_CANARY: Final = "flask==0.12"
_SOURCES: Final = ("osv", "pypi")
_SECONDS: Final = 15


def register(parser: ArgumentParser) -> None:
    """Add which half."""
    parser.add_argument("--licences", action="store_true", help="look at the licences alone")


def run(arguments: Namespace, _stack: object) -> int:
    """Look at licences and advisories; any finding fails."""
    findings = list(_licences())
    if not arguments.licences:
        findings += _advisories()
    for finding in findings:
        print(finding)
    print(f"audit: {len(findings)} findings")
    return ExitCode.UNMET if findings else ExitCode.FINE


@dataclass(frozen=True)
class Rules:
    """Which licences may be built in, by how packages call them, and packages that call theirs not.

    ``allowed`` gives the reason for each licence, ``spellings`` what packages call it, ``known``
    the licence of packages whose own word is missing or no licence.
    """

    allowed: Mapping[str, str]
    spellings: Mapping[str, str]
    known: Mapping[str, Mapping[str, str]]

    def licence_of(self, package: str, told: str) -> str:
        """Return the licence of a package in the words of the rules."""
        if package in self.known:
            return self.known[package]["licence"]
        return self.spellings.get(told, told)

    def allows(self, licence: str) -> bool:
        """Tell whether a licence is allowed: of alternatives one, of several together each."""
        alternatives = re.split(r" OR |; ", licence)
        return any(
            all(self.spellings.get(part, part) in self.allowed for part in each.split(" AND "))
            for each in alternatives
        )


def rules() -> Rules:
    """Return the rules that are kept beside this module."""
    return Rules(**json.loads(_DATA.read_text(encoding="utf-8")))


def pinned(lock: str) -> dict[str, str]:
    """Return the packages of a lock with their versions."""
    return dict(_PINNED.findall(lock))


def refused(rules: Rules, told: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence for each package whose licence is not allowed."""
    for package, word in sorted(told.items()):
        licence = rules.licence_of(package, word)
        if not rules.allows(licence):
            yield f"{package}: the licence {licence!r} is not among those of {_DATA.name}"


def advisories(report: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each hole that a report of pip-audit names."""
    for package in report.get("dependencies", ()):
        for hole in package.get("vulns", ()):
            mended = ", ".join(hole.get("fix_versions", ())) or "no version yet"
            yield f"{package['name']} {package['version']}: {hole['id']}, mended in {mended}"


def unasked(report: Mapping[str, Any]) -> list[str]:
    """Return the packages that the database knows nothing of, which is no good news."""
    return [each["name"] for each in report.get("dependencies", ()) if "skip_reason" in each]


def _wanted() -> list[tuple[str, str]]:
    """Return every package of the locks, in each version that one of them names."""
    return sorted(set[tuple[str, str]]().union(*(pinned(_lock(name)).items() for name in _LOCKS)))


def _licences() -> Iterator[str]:
    found = rules()
    of_python = {_named(each["Name"]): each["License"] for each in _installed()}
    wanted = {package for package, _ in _wanted()}
    elsewhere = sorted(wanted - of_python.keys())
    assets = _of_assets()
    print(
        f"licences: {len(wanted) - len(elsewhere)} Python packages, {len(assets)} for the browser"
    )
    if elsewhere:
        print(f"licences: not looked at, being for other platforms: {', '.join(elsewhere)}")
    yield from refused(found, {name: of_python[name] for name in wanted & of_python.keys()})
    yield from refused(found, assets)


def _installed() -> Iterable[Mapping[str, str]]:
    command = ["-m", "piplicenses", "--from=mixed", "--format=json", "--with-system"]
    shown: list[Mapping[str, str]] = json.loads(_said([sys.executable, *command]))
    return shown


def _of_assets() -> dict[str, str]:
    packages = json.loads(_ASSETS.read_text(encoding="utf-8"))["packages"]
    return {
        path.rpartition("node_modules/")[2]: str(package.get("license", "UNKNOWN"))
        for path, package in packages.items()
        if path
    }


def _advisories() -> list[str]:
    source = next((each for each in _SOURCES if list(advisories(_asked(_CANARY, each)))), None)
    if source is None:
        print("advisories: NOT CHECKED: no database of advisories can be reached from here")
        return []
    report = _asked("\n".join(f"{name}=={version}" for name, version in _wanted()), source)
    silent = unasked(report)
    print(f"advisories: {len(report.get('dependencies', ())) - len(silent)} packages, by {source}")
    if silent:
        print(f"advisories: NOT CHECKED, since {source} does not know them: {', '.join(silent)}")
    return list(advisories(report))


def _asked(requirements: str, source: str) -> Mapping[str, Any]:
    """Return the report on some packages; an empty one when there is none to be had."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(requirements)
        file.flush()
        options = ["--no-deps", "--disable-pip", "--progress-spinner=off", "--format=json"]
        options += ["--timeout", str(_SECONDS), "--vulnerability-service", source]
        said = _said([sys.executable, "-m", "pip_audit", "-r", file.name, *options])
    try:
        report: Mapping[str, Any] = json.loads(said)
    except ValueError:
        return {}
    return report


def _said(command: list[str]) -> str:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout


def _lock(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")


def _named(package: str) -> str:
    return re.sub(r"[-_.]+", "-", package).lower()
