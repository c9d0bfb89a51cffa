"""How gunicorn serves the gateway: one process, sixteen threads, no eventlet."""

from __future__ import annotations

import os
import signal
import socket
import struct
from typing import Any

from gateway.settings import THREADS, GatewaySettings

_settings = GatewaySettings.from_environment(os.environ)

bind = f"{_settings.host}:{_settings.port}"
worker_class = "gthread"
# Metrics and the RPC client live in the process; a second one would need them shared.
workers = 1
threads = THREADS
preload_app = False
timeout = 60
graceful_timeout = int(_settings.grace_seconds)
keepalive = 75
limit_request_line = 8190
limit_request_fields = 64
control_socket_disable = True
accesslog = None
errorlog = "-"
loglevel = "warning"


def post_fork(_arbiter: Any, worker: Any) -> None:
    """Let no client keep a thread by being silent; connections inherit it from the listener."""
    patience = struct.pack("ll", *divmod(round(_settings.patience_seconds * 1_000_000), 1_000_000))
    for listener in worker.sockets:
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            listener.setsockopt(socket.SOL_SOCKET, option, patience)


def post_worker_init(worker: Any) -> None:
    """Retire the oldest worker, now that this one is ready; a single worker is left alone.

    A second one is there only after SIGTTIN, by which the gateway is renewed. Gunicorn's own reload
    ends the old worker before the new one has been loaded.
    """
    os.kill(worker.ppid, signal.SIGTTOU)
