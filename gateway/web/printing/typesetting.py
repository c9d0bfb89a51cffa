"""The program that makes a PDF of a page: HTML comes in, PDF/UA goes out, nothing else is touched.

It runs as a process of its own, once for each sheet: setting a page keeps a processor busy for a
second, which would hold up every other page of the gateway, and what a fault or a hostile page can
reach ends with it. Nothing is fetched: the page brings its stylesheet along, the fonts are the
machine's. What is printed is personal, so that nothing of it is ever written to a log.
"""

from __future__ import annotations

import logging
import os
import resource
import sys
from enum import IntEnum
from typing import Final, NoReturn

_NICE: Final = 5
_SECONDS: Final = 30
_MEMORY: Final = 2**30
_NOWHERE: Final = "sheet:/"
"""Where a page lies, so that an address relative to it is asked for, and refused."""

PACKAGES: Final = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-noto-core")
"""What Debian and its kin call the libraries and fonts that are needed."""


class Verdict(IntEnum):
    """How the program ended."""

    PRINTED = 0
    FAILED = 1
    NO_LIBRARIES = 3
    REFUSED = 4


class LibrariesMissing(Exception):
    """The machine lacks the libraries that set type."""


class AddressRefused(Exception):
    """The page wanted something from outside itself."""


def compose(page: str) -> bytes:
    """Return a page as PDF/UA-1.

    Raises:
        LibrariesMissing: the libraries that set type are not there.
        AddressRefused: the page names something to fetch, whatever and wherever it is.

    """
    try:
        # Its import opens the system's libraries, and fails where they are not.
        import weasyprint  # type: ignore[import-untyped]  # noqa: PLC0415 - the gateway must start without
        from weasyprint.urls import (  # type: ignore[import-untyped]  # noqa: PLC0415 - as above
            FatalURLFetchingError,
        )
    except OSError as error:
        raise LibrariesMissing from error
    fetcher = _Refusing()
    try:
        document = weasyprint.HTML(string=page, base_url=_NOWHERE, url_fetcher=fetcher)
        pdf: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
    except FatalURLFetchingError as error:
        raise AddressRefused from error
    if fetcher.was_asked:
        # Inside a drawing WeasyPrint goes on with a gap.
        raise AddressRefused
    return pdf


class _Refusing:
    """Refuses every address: of the network, of the disk and inside the page."""

    # WeasyPrint's own name for stopping rather than leaving a gap.
    _fail_on_errors = True

    def __init__(self) -> None:
        """Nothing has been asked for yet."""
        self.was_asked = False

    def __call__(self, _url: str) -> NoReturn:
        """Refuse."""
        self.was_asked = True
        raise ValueError("sheets fetch nothing")


def main() -> int:
    """Read a page from the standard input and write its PDF to the standard output."""
    _confine()
    logging.disable()
    page = sys.stdin.buffer.read().decode()
    try:
        sys.stdout.buffer.write(compose(page))
    except LibrariesMissing:
        return Verdict.NO_LIBRARIES
    except AddressRefused:
        return Verdict.REFUSED
    except Exception:  # noqa: BLE001 - a traceback could quote the page
        return Verdict.FAILED
    return Verdict.PRINTED


def _confine() -> None:
    """Give way to the pages of the gateway, and end rather than take the machine."""
    os.nice(_NICE)
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main())
