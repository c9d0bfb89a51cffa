"""`./plurali up`: set up what is missing, start everything, say where to go."""

from argparse import ArgumentParser, Namespace

from launcher import compose, startup
from launcher.failures import ExitCode
from launcher.progress import say
from launcher.stack import Stack


def register(parser: ArgumentParser) -> None:
    """Add the options of `up`."""
    parser.add_argument(
        "--engines",
        action="store_true",
        help="start PostgreSQL and RabbitMQ alone, for development",
    )
    parser.add_argument(
        "--docker",
        action="store_true",
        help="run everything in containers, with docker-compose.yml; later commands remember it",
    )


def run(arguments: Namespace, stack: Stack) -> int:
    """Start what does not run and print where to go."""
    if arguments.docker or stack.settings.project:
        return _finish(compose.start(stack, stack.settings.project or compose.PROJECT))
    if arguments.engines:
        startup.start(stack, engines_only=True)
        say(f"PostgreSQL and RabbitMQ run; their addresses: {stack.home / 'secrets.json'}")
        return ExitCode.FINE
    if startup.runs_whole(stack):
        say("Everything runs already")
    else:
        startup.start(stack)
    return _finish(stack)


def _finish(stack: Stack) -> int:
    code = startup.seed_once(stack)
    print(_farewell(stack))
    return code


def _farewell(stack: Stack) -> str:
    lines = ["", f"Plurali is ready at {stack.gateway_url}"]
    lines.append(f"  its interface, described  {stack.gateway_url}/api/v1/openapi.json")
    accounts = stack.home / "demonstration.json"
    if accounts.exists():
        lines.append(f"  accounts and passwords    {accounts} (demonstration only)")
    lines.append("  and now                   ./plurali journey, status, logs -f, down")
    return "\n".join(lines)
