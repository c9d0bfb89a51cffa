"""A backup on disk: the whole database cluster, the files beside it, and what proves them."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Final

from chassis import revisions
from launcher import storage
from launcher.failures import EnvironmentFailure, StorageFailure, UsageFailure
from launcher.postgres import Binaries
from launcher.settings import DATABASES

FORMAT: Final = 1
CLUSTER: Final = "postgresql"
DEFINITIONS: Final = "broker.json"
FILES: Final = (
    "secrets.json",
    "demonstration.json",
    "subscribers",
    "run/seeded.json",
    "run/schema.json",
)
"""What a stack keeps beside its databases, below its home; some stacks lack some of it."""

_MANIFEST: Final = "manifest.json"
_CLUSTERS_OWN: Final = f"{CLUSTER}/backup_manifest"
_LAST_LINES: Final = 5


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a backup is and what its files must be; the cluster's files stand in its own list."""

    format: int
    version: str
    began_at: str
    postgresql: int
    schema: dict[str, str]
    size: int
    files: dict[str, str]


@dataclass(frozen=True)
class Archive:
    """One backup in its directory."""

    directory: Path

    @property
    def cluster(self) -> Path:
        """Return where the data directory of PostgreSQL is kept."""
        return self.directory / CLUSTER

    def seal(
        self, *, version: str, began_at: str, postgresql: int, schema: dict[str, str]
    ) -> Manifest:
        """Write the manifest, once everything else stands there."""
        everything = [path for path in self.directory.rglob("*") if path.is_file()]
        beside = [path for path in everything if not path.is_relative_to(self.cluster)]
        manifest = Manifest(
            format=FORMAT,
            version=version,
            began_at=began_at,
            postgresql=postgresql,
            schema=schema,
            size=sum(path.stat().st_size for path in everything),
            files={
                str(path.relative_to(self.directory)): _digest(path)
                for path in sorted([*beside, self.directory / _CLUSTERS_OWN])
            },
        )
        storage.write(self.directory / _MANIFEST, json.dumps(asdict(manifest), indent=2))
        return manifest

    def manifest(self) -> Manifest:
        """Return the manifest of a directory that must be a backup."""
        path = self.directory / _MANIFEST
        try:
            kept = json.loads(path.read_text())
            told = {each.name: kept[each.name] for each in fields(Manifest)}
        except FileNotFoundError:
            raise UsageFailure(
                f"{self.directory} is not a backup: it has no {_MANIFEST}. Name the directory that "
                "`./plurali backup` printed."
            ) from None
        except OSError as error:
            raise StorageFailure(f"{path} cannot be read: {error.strerror}.") from error
        except (ValueError, KeyError, TypeError):
            raise StorageFailure(f"{path} is damaged: use another backup.") from None
        if told["format"] != FORMAT:
            raise UsageFailure(f"{self.directory} was written by another version of Plurali.")
        return Manifest(**told)

    def verify(self, binaries: Binaries) -> None:
        """Fail unless every file is what it was, the write-ahead log included."""
        for name, digest in self.manifest().files.items():
            path = self.directory / name
            if not path.is_file():
                raise StorageFailure(f"{path} is missing: the backup is not whole, use another.")
            if _digest(path) != digest:
                raise StorageFailure(f"{path} is damaged (its checksum differs): use another.")
        attempt = run_program(binaries, "pg_verifybackup", "--quiet", str(self.cluster))
        if attempt.returncode:
            raise StorageFailure(
                f"{self.cluster} is damaged, use another backup:\n{last_lines(attempt.stderr)}"
            )

    def require_known_schema(self) -> None:
        """Fail when a database of the backup is ahead of this checkout."""
        for name, revision in self.manifest().schema.items():
            known = {
                path.stem.partition("_")[0] for path in revisions.versions_of(name).glob("*.py")
            }
            if name in DATABASES and revision != "none" and revision not in known:
                raise EnvironmentFailure(
                    f"The backup's database {name} has the revision {revision}, which this "
                    f"checkout does not know: check out Plurali {self.manifest().version} or later."
                )


def run_program(
    binaries: Binaries, name: str, *arguments: str, password: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs to its end."""
    program = binaries.directory / name
    if not program.exists():
        raise EnvironmentFailure(
            f"{program} is missing: install PostgreSQL's client programs of the same version."
        )
    return subprocess.run(
        [str(program), *arguments],
        cwd="/",
        env={
            "PATH": os.defpath,
            "LC_ALL": "C.UTF-8",
            **binaries.environment,
            **({"PGPASSWORD": password} if password else {}),
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def size_of(places: Sequence[Path]) -> int:
    """Sum the bytes of files and directories; what vanishes meanwhile counts nothing."""
    total = 0
    for place in places:
        for path in (place, *place.rglob("*")):
            try:
                total += path.lstat().st_size
            except FileNotFoundError:
                continue
    return total


def last_lines(text: str) -> str:
    """Return the end of what a program said."""
    return "\n".join(text.strip().splitlines()[-_LAST_LINES:])


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
