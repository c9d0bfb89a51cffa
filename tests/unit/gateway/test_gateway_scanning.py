"""What a scanner says about a file, asked over a real line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from chassis.settings import SettingMissing
from gateway.scanning import (
    Clamd,
    FileRefusedByScanner,
    NoScanner,
    ScannerUnavailable,
    at_address,
)
from tests.support.clamd import SIGNATURE, scanning

_LARGE = bytes(300_000)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Give the address of a scanner."""
    with scanning() as found:
        yield found


@pytest.mark.parametrize("content", [b"clean", _LARGE, b""])
def test_a_clean_file_passes(address: str, content: bytes) -> None:
    """In however many pieces it is sent."""
    Clamd.at(address).examine(content)


def test_a_dangerous_file_is_refused_at_its_field(address: str) -> None:
    """Wherever in the file the danger is."""
    with pytest.raises(FileRefusedByScanner) as refused:
        Clamd.at(address).examine(_LARGE + SIGNATURE + _LARGE)
    assert list(refused.value.fields) == ["content"]


def test_a_scanner_is_reached_by_a_socket_too(tmp_path: Path) -> None:
    """On the same machine it needs no port."""
    with scanning(tmp_path / "clamd.ctl") as address, pytest.raises(FileRefusedByScanner):
        Clamd.at(address).examine(SIGNATURE)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "unix:///nowhere/clamd.ctl"])
def test_without_the_scanner_nothing_passes(address: str) -> None:
    """Whoever asks for examination gets no unexamined file."""
    with pytest.raises(ScannerUnavailable):
        Clamd.at(address).examine(b"clean")


def test_a_reply_that_nobody_knows_is_no_clean_one(address: str) -> None:
    """Such as that of another server at the same port."""
    strange = _Strange(host="127.0.0.1", port=replace(Clamd.at(address)).port)
    with pytest.raises(ScannerUnavailable):
        strange.examine(b"clean")


class _Strange(Clamd):
    """A scanner that is asked in a way that it does not know."""

    def _verdict(self, content: bytes) -> str:
        with self._connected() as line:
            line.sendall(b"zSOMETHING\0" + content)
            return line.recv(100).decode()


@pytest.mark.parametrize("url", ["clamav:3310", "tcp://clamav", "unix://here", "tcp://h:port"])
def test_an_address_that_is_none_is_named(url: str) -> None:
    """With the way to write one."""
    with pytest.raises(SettingMissing, match="SCANNER"):
        at_address(url)


def test_without_an_address_there_is_no_scanner() -> None:
    """The hook is there for whoever wants it."""
    assert isinstance(at_address(""), NoScanner)
