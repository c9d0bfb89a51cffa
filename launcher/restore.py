"""`./plurali restore`: the stack as it was at a backup, with every message that was on its way."""

from __future__ import annotations

import json
import os
import shutil
import sys
from argparse import ArgumentParser, Namespace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from chassis import clock
from launcher import account, archive, engines, republish, shutdown, startup, storage
from launcher.account import Account
from launcher.archive import Archive, Manifest
from launcher.backup import STAMP, require_own_engines
from launcher.failures import ExitCode, UsageFailure
from launcher.progress import say, step
from launcher.stack import Stack
from launcher.subscriber import Subscribers, broker_in_reach

ASIDE: Final = "set-aside"
_REPLACED: Final = ("postgresql", "rabbitmq", *archive.FILES)
_MARGIN: Final = 256 * 2**20
# Code and the kept subscribers say what queues and shovels there are; the rest only the broker
# knew. A shovel that came before its queue would declare it with other arguments.
_KNOWN_TO_THE_BROKER: Final = (
    "vhosts",
    "users",
    "permissions",
    "topic_permissions",
    "policies",
    "global_parameters",
)


def register(parser: ArgumentParser) -> None:
    """Add which backup, and how much subscribers get again."""
    parser.add_argument("directory", type=Path, help="what `./plurali backup` wrote")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument(
        "--hours",
        type=float,
        default=republish.HOURS,
        help="subscribers get again what was published in so many hours before the backup "
        f"({republish.HOURS:g})",
    )


def run(arguments: Namespace, stack: Stack) -> int:
    """Check the backup, ask, put it back and say what was done."""
    kept = Archive(arguments.directory.resolve())
    check(stack, kept)
    manifest = kept.manifest()
    if not arguments.yes and not _confirmed(stack, manifest):
        say("Nothing was changed")
        return ExitCode.UNMET
    put_back(stack, kept, hours=arguments.hours)
    say(f"The stack is as it was at {manifest.began_at}: {stack.gateway_url}")
    print(
        "\nWhat was entered, and what was erased, after that moment must be entered and erased\n"
        "again. Subscribers receive some messages a second time; they know them by their ids."
    )
    return ExitCode.FINE


def check(stack: Stack, kept: Archive) -> None:
    """Fail, before anything is touched, unless this backup can be put back here."""
    require_own_engines(stack, "restored")
    manifest = kept.manifest()
    kept.require_known_schema()
    engines.acquire(stack.settings)
    binaries = engines.postgresql_for(stack.settings, kept.cluster)
    storage.require_room(stack.home, manifest.size + _MARGIN, "the restored data")
    with step("Checking every file of the backup"):
        kept.verify(binaries)


def put_back(stack: Stack, kept: Archive, *, hours: float) -> None:
    """Replace the data of a stack by a checked backup and start it; the old data stay aside."""
    stack.prepare_home()
    fresh = stack.home / "postgresql.restored"
    # Copied before anything is stopped: a disk that fails meanwhile harms nobody.
    with step("Copying the databases"):
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(kept.cluster, fresh, symlinks=True)
        _hand_over(fresh, account.for_engines())
        os.sync()
    with step("Stopping everything"), shutdown.changing(stack):
        shutdown.end(stack)
        aside = _set_aside(stack)
        fresh.rename(stack.home / "postgresql")
        for name in kept.manifest().files:
            if name.startswith(archive.FILES):
                target = stack.home / name
                storage.make_directory(target.parent, storage.PRIVATE_DIRECTORY)
                storage.write(target, (kept.directory / name).read_text())
    if aside is not None:
        say(f"The data that were here before are kept: {aside}")
    # The passwords are other ones now, so a stack that has read them already cannot be used.
    restored = Stack(stack.settings)
    startup.start(restored, before_services=lambda: _recreate(restored, kept, hours))


def _recreate(stack: Stack, kept: Archive, hours: float) -> None:
    """Give the new broker what the old one had, and what it held."""
    api = stack.rabbit_api
    with step("Setting up the broker again"), broker_in_reach():
        definitions: dict[str, Any] = json.loads((kept.directory / archive.DEFINITIONS).read_text())
        if api is not None:
            body = {name: definitions.get(name, []) for name in _KNOWN_TO_THE_BROKER}
            api.post("definitions", body=body)
        Subscribers(stack).set_up_again()
    since = datetime.fromisoformat(kept.manifest().began_at) - timedelta(hours=hours)
    count = republish.publish_again(stack, since=since)
    say(f"{count} events that were in queues, or that subscribers may lack, are published again")


def _set_aside(stack: Stack) -> Path | None:
    """Move what will be replaced out of the way, whole; nothing where nothing was left."""
    replaced = [name for name in _REPLACED if (stack.home / name).exists()]
    if not replaced:
        return None
    aside = stack.home / ASIDE / clock.now().strftime(STAMP)
    storage.make_directory(aside.parent, storage.PRIVATE_DIRECTORY)
    storage.make_directory(aside, storage.PRIVATE_DIRECTORY)
    for name in replaced:
        storage.make_directory((aside / name).parent, storage.PRIVATE_DIRECTORY)
        (stack.home / name).rename(aside / name)
    return aside


def _hand_over(directory: Path, user: Account) -> None:
    for path in (directory, *directory.rglob("*")):
        storage.give(path, user)


def _confirmed(stack: Stack, manifest: Manifest) -> bool:
    if not sys.stdin.isatty():
        raise UsageFailure("`restore` replaces all data: give --yes where nobody can be asked.")
    print(f"Everything under {stack.home} goes back to {manifest.began_at}.")
    return input("Type `restore` to go on: ").strip() == "restore"
