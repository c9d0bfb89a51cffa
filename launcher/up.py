"""`./plurali up`: set up what is missing, start everything, say where to go."""

import json
from argparse import ArgumentParser, Namespace

from launcher import startup, storage, verbs
from launcher.failures import ExitCode
from launcher.progress import say, step
from launcher.stack import Stack


def register(parser: ArgumentParser) -> None:
    """Add the options of `up`."""
    parser.add_argument(
        "--engines",
        action="store_true",
        help="start PostgreSQL and RabbitMQ alone, for development",
    )


def run(arguments: Namespace, stack: Stack) -> int:
    """Start what does not run and print where to go."""
    if arguments.engines:
        startup.start(stack, engines_only=True)
        say(f"PostgreSQL and RabbitMQ run; their addresses: {stack.home / 'secrets.json'}")
        return ExitCode.FINE
    if startup.runs_whole(stack):
        say("Everything runs already")
    else:
        startup.start(stack)
    code = _seed_once(stack)
    print(_farewell(stack))
    return code


def _seed_once(stack: Stack) -> int:
    """Load the demonstration data the first time; its command prints the accounts."""
    verb, kept = verbs.find("seed"), stack.home / "run" / "seeded.json"
    if verb is None or kept.exists():
        return ExitCode.FINE
    with step("Loading the demonstration data"):
        command = verb.command()
        parser = ArgumentParser()
        command.register(parser)
        code = command.run(parser.parse_args([]), stack)
    if code == ExitCode.FINE:
        storage.write(kept, json.dumps({"seeded": True}))
    return code


def _farewell(stack: Stack) -> str:
    return "\n".join(
        (
            "",
            f"Plurali is ready at {stack.gateway_url}",
            f"  API and its description   {stack.gateway_url}/api/v1/",
            "  Accounts                  printed once when the demonstration data were loaded",
            "  Next                      ./plurali status, ./plurali logs -f, ./plurali down",
        )
    )
