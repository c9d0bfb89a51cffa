"""Directories and disk: room asked for before it is needed, files written whole or not at all."""

import os
import shutil
from pathlib import Path

from launcher.account import Account
from launcher.failures import StorageFailure

PRIVATE_FILE, PRIVATE_DIRECTORY, PASSABLE_DIRECTORY = 0o600, 0o700, 0o711


def require_room(directory: Path, needed: int, purpose: str) -> None:
    """Fail when the disk behind a directory has less room than a purpose needs."""
    existing = next(each for each in (directory, *directory.parents) if each.exists())
    room = shutil.disk_usage(existing).free
    if room < needed:
        raise StorageFailure(
            f"The disk of {existing} has {room >> 20} MB left: {purpose} needs {needed >> 20} MB."
        )


def require_writable(directory: Path) -> None:
    """Fail when nothing can be made in a directory."""
    if not os.access(directory, os.W_OK | os.X_OK):
        raise StorageFailure(f"{directory} cannot be written by this user.")


def make_directory(directory: Path, mode: int, owner: Account | None = None) -> Path:
    """Make a directory with exactly this mode and owner, with its parents when missing."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        give(directory, owner)
        if owner is not None or directory.stat().st_uid == os.geteuid():
            directory.chmod(mode)
    except OSError as error:
        raise StorageFailure(f"{directory} cannot be made: {error.strerror}.") from error
    return directory


def write(path: Path, text: str, *, mode: int = PRIVATE_FILE, owner: Account | None = None) -> None:
    """Write a file in one step, so that nobody ever reads half of it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(mode)
        give(draft, owner)
        draft.replace(path)
    except OSError as error:
        raise StorageFailure(f"{path} cannot be written: {error.strerror}.") from error


def write_changed(path: Path, text: str, *, owner: Account | None = None) -> None:
    """Write a file unless it holds the text already."""
    try:
        kept = path.read_text()
    except OSError:
        kept = None
    if kept != text:
        write(path, text, owner=owner)


def give(path: Path, owner: Account | None) -> None:
    """Hand a file or directory to a user, where that is another than the launcher's own."""
    if owner is not None and owner.uid != path.stat().st_uid:
        os.chown(path, owner.uid, owner.gid)
