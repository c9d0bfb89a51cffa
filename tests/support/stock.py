"""nameko as it ships, to hold our wire form to its own: ``serve`` a service, or ``call`` ours."""

from __future__ import annotations

import json
import os
import sys
import warnings

warnings.simplefilter("ignore")

import eventlet  # noqa: E402 - after the filter, and before anything that blocks

eventlet.monkey_patch()

from nameko.containers import ServiceContainer  # noqa: E402
from nameko.rpc import rpc  # noqa: E402
from nameko.standalone.rpc import ClusterRpcProxy  # noqa: E402

CONFIG = {"AMQP_URI": os.environ["AMQP_URI"]}


class StockService:
    """Answers like our greeting service, through nameko's own entrypoint."""

    name = "stock"

    @rpc  # type: ignore[untyped-decorator]  # nameko is untyped
    def echo(self, greeting_id: str, word: str) -> dict[str, object]:
        """Return what came."""
        return {"greeting_id": greeting_id, "word": word}

    @rpc  # type: ignore[untyped-decorator]  # nameko is untyped
    def fail(self, greeting_id: str) -> None:
        """Raise something that callers must not read."""
        raise RuntimeError(f"secret of {greeting_id}")


def serve() -> None:
    """Serve until killed."""
    container = ServiceContainer(StockService, CONFIG)
    container.start()
    sys.stdout.write("serving\n")
    sys.stdout.flush()
    container.wait()


def call(method: str, arguments: str) -> None:
    """Call our service once and print what nameko's caller got."""
    with ClusterRpcProxy(CONFIG, timeout=10) as cluster:
        try:
            outcome = {"result": getattr(cluster["greetings"], method)(**json.loads(arguments))}
        except Exception as error:  # noqa: BLE001 - the outcome under test
            outcome = {"error": str(error), "kind": type(error).__name__}
    sys.stdout.write(json.dumps(outcome))


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve()
    else:
        call(*sys.argv[2:])
