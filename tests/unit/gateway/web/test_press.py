"""The press is one program at a time: whoever cannot be served is told, and pages go on."""

from __future__ import annotations

import sys
import threading
from http import HTTPStatus
from pathlib import Path

import pytest

from gateway.problems import RefusedError
from gateway.web.printing.press import WAITING, Press
from gateway.web.printing.typesetting import PACKAGES, Verdict

ECHO = (sys.executable, "-c", "import sys; sys.stdout.write(sys.stdin.read())")


def _ending(code: int) -> Press:
    return Press(program=(sys.executable, "-c", f"import sys; sys.exit({code})"))


def _refusal(press: Press) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        press.print("<p>Amina</p>")
    return caught.value


def test_the_page_goes_in_and_the_sheet_comes_out() -> None:
    """What the program writes is the sheet."""
    assert Press(program=ECHO).print("<p>è</p>") == "<p>è</p>".encode()


def test_missing_libraries_are_named_with_the_way_out() -> None:
    """The refusal says what to install, and that it is the machine's lack."""
    answer = _refusal(_ending(Verdict.NO_LIBRARIES)).answer
    assert (answer.status, answer.slug) == (HTTPStatus.SERVICE_UNAVAILABLE, "printing-unavailable")
    assert all(package in answer.detail for package in PACKAGES)


@pytest.mark.parametrize("code", [Verdict.FAILED, Verdict.REFUSED, 137])
def test_whatever_else_fails_says_nothing_of_the_page(code: int) -> None:
    """The text of the refusal holds no part of what was to be printed."""
    refusal = _refusal(_ending(code))
    assert refusal.answer.slug == "printing-failed"
    assert "Amina" not in refusal.answer.detail


def test_a_program_that_does_not_end_is_ended() -> None:
    """A page that cannot be set does not hold the press for ever."""
    endless = Press(program=(sys.executable, "-c", "import signal; signal.pause()"), seconds=0.2)
    assert _refusal(endless).answer.slug == "printing-failed"
    assert _refusal(endless).answer.slug == "printing-failed"


def test_more_than_may_wait_are_told_to_come_back(tmp_path: Path) -> None:
    """Printing holds a few of the gateway's threads at most; the others go on with pages."""
    gate = tmp_path / "gate"
    held = (
        "import pathlib, sys, time\n"
        f"while not pathlib.Path({str(gate)!r}).exists(): time.sleep(0.01)\n"
        "sys.stdout.write(sys.stdin.read())"
    )
    press = Press(program=(sys.executable, "-c", held))
    sheets: list[bytes] = []
    begun = threading.Semaphore(0)

    def order() -> None:
        begun.release()
        sheets.append(press.print("page"))

    threads = [threading.Thread(target=order) for _ in range(WAITING)]
    for thread in threads:
        thread.start()
    for _ in threads:
        begun.acquire()
    while press.free():
        threading.Event().wait(0.001)
    refusal = _refusal(press)
    gate.touch()
    for thread in threads:
        thread.join()
    assert refusal.answer.slug == "printing-busy"
    assert "Retry-After" in refusal.answer.headers
    assert sheets == [b"page"] * WAITING
