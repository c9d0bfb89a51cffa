"""The unprivileged system user that stands in for root, since PostgreSQL refuses to run as root."""

import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from launcher.failures import EnvironmentFailure

NAME = "plurali"


@dataclass(frozen=True)
class Account:
    """A user of the machine, as processes are started with it."""

    name: str
    uid: int
    gid: int

    def as_subprocess(self) -> dict[str, Any]:
        """Return the options that make `subprocess` run a command as this user."""
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def others_can_enter(directory: Path) -> bool:
    """Tell whether a user without any rights of its own can pass into a directory."""
    passable = stat.S_IXOTH
    chain = (directory, *directory.parents)
    return all(each.stat().st_mode & passable for each in chain if each.exists())


def own() -> Account:
    """Return the user that runs the launcher."""
    uid = os.geteuid()
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        message = f"The user id {uid} has no entry in /etc/passwd, which PostgreSQL needs."
        raise EnvironmentFailure(message) from None
    return Account(entry.pw_name, uid, entry.pw_gid)


def for_engines() -> Account:
    """Return the user that engines run as: the launcher's own, or a made one in place of root."""
    if os.geteuid() != 0:
        return own()
    try:
        entry = pwd.getpwnam(NAME)
    except KeyError:
        entry = _create()
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def for_processes(python: Path, checkout: Path) -> Account:
    """Return the user that services run as: the engines' when it can read code and Python."""
    user = for_engines()
    if os.geteuid() != 0 or _can_run(user, python, checkout):
        return user
    return own()


def _can_run(user: Account, python: Path, checkout: Path) -> bool:
    if not others_can_enter(checkout):
        return False
    try:
        attempt = subprocess.run(
            [str(python), "-c", "import launcher, supervisor"],
            cwd=checkout,
            env={"PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            check=False,
            **user.as_subprocess(),
        )
    except PermissionError:
        return False
    return attempt.returncode == 0


def _create() -> pwd.struct_passwd:
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if useradd is None:
        raise EnvironmentFailure(
            f"PostgreSQL cannot run as root and there is no `useradd` to make the user {NAME}: "
            f"make a system user named {NAME}, or start Plurali as an ordinary user."
        )
    command = [useradd, "--system", "--no-create-home", "--user-group"]
    command += ["--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", NAME]
    attempt = subprocess.run(command, capture_output=True, text=True, check=False)
    if attempt.returncode:
        raise EnvironmentFailure(f"The user {NAME} could not be made: {attempt.stderr.strip()}")
    return pwd.getpwnam(NAME)
