"""Reads the command line, does one command and turns what stops it into a sentence and a code."""

import argparse
import errno
import os
import signal
import sys
from collections.abc import Sequence
from difflib import get_close_matches

from launcher import bootstrap
from launcher.bootstrap import Needs
from launcher.failures import ExitCode, Failure, StorageFailure, UsageFailure
from launcher.stack import Stack
from launcher.verbs import VERBS, Verb, find

_HELP = {"help", "--help", "-h"}
_CODES = {
    ExitCode.FINE: "done",
    ExitCode.UNMET: "something is not ready, or a test failed",
    ExitCode.USAGE: "the command line or a variable makes no sense",
    ExitCode.ENVIRONMENT: "the machine lacks something that could not be brought",
    ExitCode.PORT: "a port is held by somebody else",
    ExitCode.STORAGE: "the disk is full or cannot be written",
    ExitCode.ENGINE: "PostgreSQL or RabbitMQ ended or did not start",
    ExitCode.PROCESS: "a service, the gateway or a set-up command failed",
    ExitCode.BUSY: "another command is changing the same stack",
    ExitCode.INTERRUPTED: "interrupted from the keyboard",
}
_VARIABLES = {
    "PLURALI_HOME": "directory of all data (.plurali in the checkout)",
    "PLURALI_PORT": "port of the gateway (8080)",
    "PLURALI_HOST": "address that the gateway listens on (127.0.0.1)",
    "PLURALI_PORT_BASE": "start of the block of 40 private ports (17000)",
    "DATABASE_URL": "PostgreSQL that exists already, for a user that may make roles and databases",
    "AMQP_URI": "RabbitMQ vhost that exists already; RABBITMQ_API is its management interface",
    "PLURALI_DOCKER": "compose project of a stack in containers; `up --docker` sets it (plurali)",
    "PG_BIN, RABBITMQ_BIN": "directories of the engines' programs, when they are not found",
    "CHROMIUM_BIN": "the browser that the tests of pages drive, when it is not found",
    "LOG_LEVEL": "DEBUG, INFO, WARNING or ERROR (INFO)",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "collector of spans, where the extra `tracing` is installed",
}


def main(arguments: Sequence[str]) -> int:
    """Do the command that the arguments name and return the exit code."""
    # The user that stands in for root must read what is made; secrets have modes of their own.
    os.umask(0o022)
    # Whoever ends the command politely gets the same clean end as from the keyboard.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return _dispatch(arguments)
    except Failure as failure:
        return _tell(str(failure), failure.code)
    except KeyboardInterrupt:
        return _tell("Interrupted.", ExitCode.INTERRUPTED)
    except BrokenPipeError:
        # The reader of a pipe, such as `head`, has gone: nothing more can be said to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.FINE
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EROFS}:
            return _tell(f"Writing failed: {error}.", StorageFailure.code)
        raise


def _dispatch(arguments: Sequence[str]) -> int:
    if not arguments or arguments[0] in _HELP:
        print(overview())
        return ExitCode.FINE
    verb = _verb(arguments[0])
    stack = Stack.from_environment()
    stack.require_access()
    if not {"-h", "--help"} & set(arguments):
        bootstrap.enter(verb.needs, stack.settings.engines)
    try:
        command = verb.command()
    except ModuleNotFoundError:
        # Some commands need the packages even to tell how they are used.
        bootstrap.enter(verb.needs, stack.settings.engines)
        command = verb.command()
    parser = argparse.ArgumentParser(prog=f"plurali {verb.name}", description=verb.purpose)
    command.register(parser)
    told = parser.parse_args(arguments[1:])
    if verb.needs is not Needs.NOTHING:
        _keep_results_apart()
    return command.run(told, stack)


def _keep_results_apart() -> None:
    """Send what the services' code warns of to standard error; the other stream has the results."""
    # Needs the packages, which are there only now.
    from chassis import log  # noqa: PLC0415 - see above

    log.configure("WARNING", plain=True)


def overview() -> str:
    """Return every command in a line, the variables and the exit codes."""
    parts = (
        ("Plurali. Commands:", {f"./plurali {verb.name}": verb.purpose for verb in VERBS}),
        ("Variables:", _VARIABLES),
        ("Exit codes:", {str(int(code)): meaning for code, meaning in _CODES.items()}),
    )
    return "\n\n".join(
        "\n".join([title, *(f"  {name:22} {meaning}" for name, meaning in rows.items())])
        for title, rows in parts
    )


def _verb(name: str) -> Verb:
    found = find(name)
    if found is None:
        near = get_close_matches(name, [verb.name for verb in VERBS], n=1)
        hint = f" Did you mean `{near[0]}`?" if near else ""
        raise UsageFailure(f"There is no command `{name}`.{hint} See `./plurali help`.")
    return found


def _tell(sentence: str, code: ExitCode) -> int:
    sys.stdout.flush()
    print(sentence, file=sys.stderr)
    return code
