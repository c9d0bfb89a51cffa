"""Database connections under eventlet, beside sockets that end without the hub's knowledge."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
from chassis import green
green.patch()
import os, sys
import psycopg2
from chassis.green import eventlet

reading, writing = os.pipe()

def wait_for_ever():
    try:
        eventlet.hubs.trampoline(reading, read=True)
    except Exception as error:
        return type(error).__name__
    return "read"

waiter = eventlet.spawn(wait_for_ever)
eventlet.sleep(0)
os.close(reading)
connection = psycopg2.connect(sys.argv[1])
same = connection.fileno() == reading
with connection.cursor() as cursor:
    cursor.execute("select 7")
    print(same, cursor.fetchone()[0], waiter.wait())
"""


def test_a_connection_may_take_the_number_of_a_socket_that_somebody_waits_for(
    database_url: str,
) -> None:
    """The one who waits learns that the socket is gone; the connection is made."""
    run = subprocess.run(  # noqa: S603 - a program of our own
        [sys.executable, "-W", "ignore", "-c", PROGRAM, database_url],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (run.stdout.strip(), run.stderr) == ("True 7 IOClosed", "")
