"""A backup that cannot be put back is refused before anything is touched, with the reason."""

from __future__ import annotations

import json
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from launcher import backup, engines, restore, storage
from launcher.archive import CLUSTER, Archive
from launcher.failures import EnvironmentFailure, StorageFailure, UsageFailure
from launcher.postgres import Binaries
from launcher.settings import Settings
from launcher.stack import Stack

NONE = Binaries(Path("/nonexistent"))


@pytest.fixture
def kept(tmp_path: Path) -> Archive:
    """Give a backup whose cluster is two small files."""
    archive = Archive(tmp_path / "kept")
    archive.cluster.mkdir(parents=True)
    (archive.cluster / "PG_VERSION").write_text("9\n")
    (archive.cluster / "backup_manifest").write_text("{}")
    storage.write(archive.directory / "secrets.json", "{}")
    archive.seal(version="0.1.0", began_at="2026-11-22T12:00:00+00:00", postgresql=9, schema={})
    return archive


def _stack(home: Path, **servers: str) -> Stack:
    return Stack(Settings(home, home / "engines", **servers))  # type: ignore[arg-type]  # names of its own


def _damage(path: Path) -> None:
    path.write_text("something else")


@pytest.mark.parametrize(
    ("harm", "sentence"), [(_damage, "is damaged"), (Path.unlink, "is missing")]
)
def test_a_file_that_changed_is_named(
    kept: Archive, harm: Callable[[Path], None], sentence: str
) -> None:
    """Each file beside the cluster, and the cluster's own list, has its checksum."""
    harm(kept.directory / "secrets.json")
    with pytest.raises(StorageFailure, match=f"secrets.json {sentence}"):
        kept.verify(NONE)


def test_any_other_directory_is_no_backup(tmp_path: Path) -> None:
    """The sentence says what was expected."""
    with pytest.raises(UsageFailure, match="is not a backup"):
        Archive(tmp_path).manifest()


def test_an_unreadable_manifest_is_damage(kept: Archive) -> None:
    """What is no manifest of ours is not guessed at."""
    (kept.directory / "manifest.json").write_text('{"format": 1}')
    with pytest.raises(StorageFailure, match=r"manifest\.json is damaged"):
        kept.manifest()


def test_a_backup_of_a_newer_schema_is_refused(kept: Archive) -> None:
    """Old code on new tables would fail later and worse."""
    manifest = kept.directory / "manifest.json"
    told = json.loads(manifest.read_text()) | {"schema": {"intake": "9999"}}
    manifest.write_text(json.dumps(told))
    with pytest.raises(EnvironmentFailure, match="intake has the revision 9999"):
        kept.require_known_schema()


def test_another_version_of_postgresql_is_refused(kept: Archive, tmp_path: Path) -> None:
    """A physical copy is read by the version that wrote it and by no other."""
    with pytest.raises(EnvironmentFailure, match="was written by PostgreSQL 9"):
        engines.postgresql_for(_stack(tmp_path).settings, kept.cluster)


def test_too_little_room_is_told_before_anything_is_stopped(
    kept: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is asked first."""
    full = shutil.disk_usage(tmp_path)._replace(free=0)
    monkeypatch.setattr(engines, "acquire", lambda _settings: None)
    monkeypatch.setattr(engines, "postgresql_for", lambda _settings, _data: NONE)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: full)
    with pytest.raises(StorageFailure, match="the restored data needs"):
        restore.check(_stack(tmp_path / "home"), kept)


@pytest.mark.parametrize(
    "servers", [{"database_url": "postgresql://there"}, {"amqp_uri": "amqp://"}]
)
@pytest.mark.parametrize("deed", ["backup", "restore"])
def test_servers_of_others_are_left_to_their_own_means(
    kept: Archive, tmp_path: Path, servers: dict[str, str], deed: str
) -> None:
    """The sentence says what to do instead."""
    stack = _stack(tmp_path / "home", **servers)
    deeds: dict[str, Callable[[], object]] = {
        "backup": lambda: backup.make(stack, tmp_path / "new"),
        "restore": lambda: restore.check(stack, kept),
    }
    with pytest.raises(UsageFailure, match="physical backup of the whole PostgreSQL server"):
        deeds[deed]()


def test_a_backup_never_overwrites(kept: Archive, tmp_path: Path) -> None:
    """An older backup is worth more than a newer one that is not finished."""
    with pytest.raises(UsageFailure, match="exists already"):
        backup.make(_stack(tmp_path / "home"), kept.directory)


def test_the_manifest_is_for_the_owner_alone(kept: Archive) -> None:
    """A backup tells nobody anything, not even its size."""
    mode = (kept.directory / "manifest.json").stat().st_mode
    assert (CLUSTER, stat.S_IMODE(mode)) == ("postgresql", 0o600)
