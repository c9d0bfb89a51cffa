"""Ports on this machine: whether they are free, who holds them, when somebody answers."""

import socket
from contextlib import closing

from launcher import processes
from launcher.failures import PortFailure
from launcher.settings import Settings

LOOPBACK = "127.0.0.1"
_ENGINE_PORTS = {
    "postgresql": ("postgresql",),
    "rabbitmq": ("rabbitmq", "management", "broker-metrics", "distribution", "epmd"),
}


def answers(port: int, host: str = LOOPBACK) -> bool:
    """Tell whether somebody accepts connections on a port."""
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False


def free(port: int, host: str = LOOPBACK) -> bool:
    """Tell whether a port can be taken."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        # Servers set this too: a port that only remembers closed connections is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def claim_engine(settings: Settings, engine: str) -> None:
    """Fail with the name of the holder when a port of an engine is taken."""
    for purpose in _ENGINE_PORTS[engine]:
        _claim(settings.port(purpose), purpose, "PLURALI_PORT_BASE")


def claim_processes(settings: Settings, names: tuple[str, ...]) -> None:
    """Fail with the name of the holder when a port of a service or the gateway is taken."""
    for name in names:
        _claim(settings.port(f"{name} health"), f"{name}'s health", "PLURALI_PORT_BASE")
    if "gateway" in names:
        _claim(settings.gateway_port, "the gateway", "PLURALI_PORT", settings.gateway_host)


def _claim(port: int, purpose: str, variable: str, host: str = LOOPBACK) -> None:
    if free(port, host):
        return
    holder = processes.listener_on(port)
    who = f"{holder.name} (process {holder.pid})" if holder else "another process"
    raise PortFailure(
        f"Port {port}, meant for {purpose}, is held by {who}: "
        f"stop it, or set {variable} to another port."
    )
