"""Whatever a machine makes up from the document is answered as the document says."""

from __future__ import annotations

import os
import sys
from typing import Final

import pytest

from launcher.stack import Stack
from tests.support.fuzzing import fuzz_all, fuzz_some

_EXAMPLES: Final = int(os.environ.get("FUZZ_EXAMPLES") or 3)
_SEED: Final = int(os.environ.get("FUZZ_SEED") or 1)
_USUAL: Final = 3


def test_no_made_up_request_fails_or_is_answered_as_nobody_was_told(
    stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    """No answer of 5xx, no undocumented status, media type, header or form of a body."""
    fuzz = fuzz_all if _EXAMPLES > _USUAL else fuzz_some
    report = fuzz(stack, examples=_EXAMPLES, seed=_SEED)
    with capsys.disabled():
        sys.stdout.write(f"\nmade-up requests: {report.cases}\n")
    assert report.passed, report.text
    assert report.cases > 100
