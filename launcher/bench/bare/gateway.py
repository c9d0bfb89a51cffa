"""The bare gateway: reads a completion, asks over RPC, writes the access down, answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from launcher.bench.bare.calls import Caller
from launcher.bench.bare.lines import database
from launcher.bench.bare.scripts import Script

_ID_PLACE: Final = 4


def serve(settings: Mapping[str, Any]) -> ThreadingHTTPServer:
    """Return the server, bound to a free port of loopback."""
    access = Script(settings["access"])

    class Desk(BaseHTTPRequestHandler):
        """One connection of one client, with its own ways to broker and database."""

        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def setup(self) -> None:
            """Connect once for all requests of the client."""
            super().setup()
            self._caller = Caller(settings["broker"])
            self._database = database(settings["database"])
            self._statement = self._database.cursor()

        def finish(self) -> None:
            """Give the connections back."""
            super().finish()
            self._caller.close()
            self._database.close()

        def do_POST(self) -> None:
            """Complete ``/api/v1/screenings/{id}/completion``."""
            id_ = self.path.split("/")[_ID_PLACE]
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            answer = self._caller.ask(
                "screening.complete_screening",
                {"screening_id": id_, **body},
                key=self.headers["Idempotency-Key"],
            )
            access.write(self._statement, access.ids(person=id_))
            self._database.commit()
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_arguments: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    server.daemon_threads = True
    return server
