"""A bare service: answers requests, handles events once, and publishes its own."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

import amqp

from launcher.bench.bare.lines import Relay, consume, database
from launcher.bench.bare.scripts import Script, Text

WORKERS: Final = 6
RPC_EXCHANGE: Final = "nameko-rpc"

_CLOSED: Final = "status, version, answers, result, result_without_safety, changed_at, completed_at"
_COMPLETE: Final = f"""
with claimed as (
    insert into answers (key, method, fingerprint, body)
    values (%s, 'complete_screening', %s, %s) on conflict do nothing returning key
)
update screenings set ({_CLOSED}) = (
    select {_CLOSED} from json_populate_record(null::screenings, %s)
)
from claimed where screening_id = %s and status = 'draft'
"""  # noqa: S608 - constants of this file
_ENTER: Final = "insert into inbox (consumer, message_id) values (%s, %s) on conflict do nothing"
_SHOW: Final = "select row_to_json(r)::text from referrals r where referral_id = %s"


class Service:
    """One process of the baseline, told by its settings what to consume and what to write."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        """Connect the relay; the workers connect for themselves."""
        self._settings = settings
        self._uri, self._url = settings["broker"], settings["database"]
        self._relay = Relay(self._uri, self._url, settings["exchange"])

    def start(self) -> None:
        """Start the relay and the workers of every queue."""
        _begin(self._relay.run)
        requests = self._settings.get("requests")
        for _ in range(WORKERS):
            if requests:
                answering = _Answering(self._url, self._settings, self._relay.wake)
                _begin(partial(consume, self._uri, requests, answering.handle))
            for queue, recorded in self._settings["handles"].items():
                handling = _Handling(self._url, queue, recorded, self._relay.wake)
                _begin(partial(consume, self._uri, queue, handling.handle))


class _Handling:
    """A worker of a queue of events."""

    def __init__(
        self, url: str, queue: str, recorded: Mapping[str, Any], wake: Callable[[], None]
    ) -> None:
        self._database = database(url)
        self._statement = self._database.cursor()
        self._queue, self._wake = queue, wake
        self._scripts = {type_: Script(each) for type_, each in recorded.items()}

    def handle(self, channel: Any, message: Any) -> None:
        """Write once what the event makes the service write, commit, then acknowledge."""
        event = json.loads(message.body)
        script = self._scripts[event["type"]]
        self._statement.execute(_ENTER, (self._queue, event["id"]))
        if self._statement.rowcount:
            ids = script.ids(
                id=event["id"], subject=event["subject"], person=event["data"]["person_id"]
            )
            script.write(self._statement, ids)
        self._database.commit()
        if script.tells:
            self._wake()
        channel.basic_ack(message.delivery_info["delivery_tag"])


class _Answering:
    """A worker of the queue of requests."""

    def __init__(self, url: str, settings: Mapping[str, Any], wake: Callable[[], None]) -> None:
        self._database = database(url)
        self._statement = self._database.cursor()
        self._wake = wake
        self._methods = {"complete_screening": self._complete, "get_referral": self._show}
        completion = settings.get("completion")
        if completion:
            self._script = Script(completion)
            self._answer, self._row = Text(completion["answer"]), Text(completion["row"])

    def handle(self, channel: Any, message: Any) -> None:
        """Do what is asked, commit, reply, then acknowledge."""
        _, _, method = message.delivery_info["routing_key"].partition(".")
        answer = self._methods[method](json.loads(message.body)["kwargs"], message.properties)
        self._database.commit()
        self._wake()
        reply = amqp.Message(answer, correlation_id=message.properties["correlation_id"])
        channel.basic_publish(
            reply, exchange=RPC_EXCHANGE, routing_key=message.properties["reply_to"]
        )
        channel.basic_ack(message.delivery_info["delivery_tag"])

    def _complete(self, fields: Mapping[str, Any], properties: Mapping[str, Any]) -> str:
        # A draft of the baseline has the id of its person, so that nothing needs to be read first.
        id_, key = fields["screening_id"], properties["application_headers"]["key"]
        ids = self._script.ids(subject=id_, person=id_)
        answer = self._answer.render(ids)
        fingerprint = hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).digest()
        self._statement.execute(_COMPLETE, (key, fingerprint, answer, self._row.render(ids), id_))
        if self._statement.rowcount:
            self._script.write(self._statement, ids)
            return answer
        self._database.rollback()
        self._statement.execute("select body from answers where key = %s", (key,))
        return self._only()

    def _show(self, fields: Mapping[str, Any], _properties: Mapping[str, Any]) -> str:
        self._statement.execute(_SHOW, (fields["referral_id"],))
        return self._only()

    def _only(self) -> str:
        row = self._statement.fetchone()
        if row is None:
            raise LookupError("the baseline was asked for what it does not have")
        return str(row[0])


def _begin(work: Callable[[], None]) -> None:
    threading.Thread(target=work, daemon=True).start()
