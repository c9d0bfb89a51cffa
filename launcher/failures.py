"""What can stop a command, as a sentence for the person at the terminal and an exit code."""

from enum import IntEnum


class ExitCode(IntEnum):
    """The meaning of every exit code of `./plurali`."""

    FINE = 0
    UNMET = 1
    USAGE = 2
    ENVIRONMENT = 3
    PORT = 4
    STORAGE = 5
    ENGINE = 6
    PROCESS = 7
    BUSY = 8
    INTERRUPTED = 130


class Failure(Exception):
    """Ends a command with one clear sentence and the exit code of its kind."""

    code = ExitCode.UNMET


class UsageFailure(Failure):
    """The command line, or a variable that stands for it, makes no sense."""

    code = ExitCode.USAGE


class EnvironmentFailure(Failure):
    """The machine lacks something that the launcher could not bring itself."""

    code = ExitCode.ENVIRONMENT


class PortFailure(Failure):
    """A port that a process needs is held by somebody else."""

    code = ExitCode.PORT


class StorageFailure(Failure):
    """The disk is full, or a directory cannot be written."""

    code = ExitCode.STORAGE


class EngineFailure(Failure):
    """PostgreSQL or RabbitMQ ended, or never became ready."""

    code = ExitCode.ENGINE


class ProcessFailure(Failure):
    """A service, the gateway or a set-up command ended or never became ready."""

    code = ExitCode.PROCESS


class BusyFailure(Failure):
    """Another command is changing the same stack at this moment."""

    code = ExitCode.BUSY
