"""A bare caller: one request at a time over a connection and a reply queue of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import amqp

from chassis.clock import new_id
from launcher.bench.bare.lines import broker

_EXCHANGE: Final = "nameko-rpc"


class Caller:
    """Asks the bare services."""

    def __init__(self, uri: str) -> None:
        """Connect and open the reply queue."""
        self._line = broker(uri)
        self._channel = self._line.channel()
        self._channel.auto_decode = False
        self._reply_to = str(new_id())
        queue = f"rpc.reply-bare-{self._reply_to}"
        self._channel.queue_declare(queue, durable=True, arguments={"x-expires": 300_000})
        self._channel.queue_bind(queue, _EXCHANGE, self._reply_to)
        self._channel.basic_consume(queue, no_ack=True, callback=self._receive)
        self._asked, self._answer = "", b""

    def ask(self, method: str, fields: Mapping[str, Any], *, key: str = "") -> bytes:
        """Send a request and return its answer."""
        self._asked, self._answer = str(new_id()), b""
        message = amqp.Message(
            json.dumps({"args": [], "kwargs": fields}),
            correlation_id=self._asked,
            reply_to=self._reply_to,
            expiration="5000",
            application_headers={"key": key},
        )
        self._channel.basic_publish(message, exchange=_EXCHANGE, routing_key=method)
        while not self._answer:
            self._line.drain_events(timeout=5)
        return self._answer

    def close(self) -> None:
        """Drop the connection."""
        self._line.collect()

    def _receive(self, message: Any) -> None:
        if message.properties["correlation_id"] == self._asked:
            self._answer = bytes(message.body)
