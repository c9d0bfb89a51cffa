"""The programs that make up a stack: the engines, the seven services and the gateway."""

from launcher import bootstrap
from launcher.account import Account
from launcher.engines import Engines
from launcher.postgres import PostgreSQL
from launcher.program import Program, Stage
from launcher.rabbitmq import RabbitMQ
from launcher.settings import ROOT, SERVICES
from launcher.stack import Stack

_STOP_SECONDS = 30
_GATEWAY = ("gunicorn", "-c", "gateway/gunicorn_conf.py", "gateway.app:create_app()")


def prepare_engines(stack: Stack, found: Engines, user: Account) -> tuple[Program, ...]:
    """Write what the private engines read at their start and return their programs."""
    guard = (str(bootstrap.PYTHON), "-m", "launcher.guard")
    programs: list[Program] = []
    if found.postgres is not None:
        database = PostgreSQL(
            binaries=found.postgres,
            data=stack.home / "postgresql",
            port=stack.settings.port("postgresql"),
            user=user,
            password=stack.credentials.database_administrator,
        )
        database.prepare()
        programs.append(database.program(guard, ROOT))
    if found.rabbitmq is not None:
        broker = RabbitMQ(
            binaries=found.rabbitmq,
            directory=stack.home / "rabbitmq",
            settings=stack.settings,
            user=user,
            credentials=stack.credentials,
        )
        broker.prepare()
        programs.extend(broker.programs(guard, ROOT))
    return tuple(sorted(programs, key=lambda program: program.stage))


def own_programs(stack: Stack, user: Account) -> tuple[Program, ...]:
    """Return the programs of the services and the gateway."""
    commands = {name: ("chassis.runtime", name) for name in SERVICES} | {"gateway": _GATEWAY}
    return tuple(
        Program(
            name=name,
            stage=Stage.GATEWAY if name == "gateway" else Stage.SERVICES,
            command=(str(bootstrap.PYTHON), "-m", *command),
            directory=ROOT,
            environment=stack.environment(name),
            user=user.name,
            stop_seconds=_STOP_SECONDS,
        )
        for name, command in commands.items()
    )
