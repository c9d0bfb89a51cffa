"""Dead letters on a real broker: looked at, given back and thrown away."""

from __future__ import annotations

import amqp
import pytest

from chassis import dead_letters, layout
from chassis.broker import Line

QUEUE = "trial.on_thing_made"
IDS = [f"letter-{number}" for number in range(5)]


@pytest.fixture
def letters(amqp_uri: str) -> str:
    """Give a broker with five dead letters of one queue."""
    layout.apply(
        amqp_uri, layout.shared() | layout.subscription(QUEUE, [("trial", "thing.made.v1")])
    )
    line = Line(amqp_uri, "test")
    channel = line.channel()
    for queue in (QUEUE, layout.dead_queue(QUEUE)):
        channel.queue_purge(queue)
    for name in IDS:
        channel.basic_publish(
            amqp.Message(b"{}", message_id=name, delivery_mode=2),
            exchange=layout.DEAD,
            routing_key=QUEUE,
        )
    line.close()
    return amqp_uri


def _shown(uri: str) -> list[str | None]:
    return [letter.message_id for letter in dead_letters.show(uri, QUEUE)]


def test_letters_that_were_looked_at_can_be_looked_at_again_at_once(letters: str) -> None:
    """Whoever shows and then replays finds what was shown."""
    for _ in range(3):
        assert sorted(map(str, _shown(letters))) == IDS


def test_one_of_many_letters_can_be_replayed_at_once_after_a_look(letters: str) -> None:
    """The others stay, and the work queue has it."""
    _shown(letters)
    assert dead_letters.replay(letters, QUEUE, message_id=IDS[3]) == 1
    assert sorted(map(str, _shown(letters))) == [*IDS[:3], IDS[4]]


def test_two_letters_can_be_dropped_one_right_after_the_other(letters: str) -> None:
    """Passing letters over does not hide them from the next call."""
    assert dead_letters.drop(letters, QUEUE, message_id=IDS[4]) == 1
    assert dead_letters.drop(letters, QUEUE, message_id=IDS[0]) == 1
    assert dead_letters.drop(letters, QUEUE) == 3
