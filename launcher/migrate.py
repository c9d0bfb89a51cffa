"""`./plurali migrate`: bring databases to the newest schema."""

from argparse import ArgumentParser, Namespace

from launcher import provisioning, schema, startup
from launcher.failures import ExitCode, ProcessFailure
from launcher.settings import DATABASES
from launcher.stack import Stack


def register(parser: ArgumentParser) -> None:
    """Add the arguments of `migrate`."""
    parser.add_argument(
        "names",
        nargs="*",
        choices=[[], *DATABASES],
        metavar="NAME",
        help="databases; all when none",
    )


def run(arguments: Namespace, stack: Stack) -> int:
    """Migrate the databases of a running server."""
    if not provisioning.database_is_ready(stack.database_server):
        raise ProcessFailure("PostgreSQL does not run: `./plurali up --engines` starts it.")
    stack.hand_out(startup.worker())
    schema.migrate(stack, startup.worker(), arguments.names or DATABASES)
    return ExitCode.FINE
