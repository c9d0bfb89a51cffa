"""Operations on the project's figures."""

from __future__ import annotations

from typing import Final

from contracts.reporting import GetIndicators
from gateway.api.operation import Operation

OPERATIONS: Final = (
    Operation(
        name="indicators",
        tag="indicators",
        method="GET",
        path="/indicators",
        summary="Indicators over a period",
        asks=GetIndicators,
    ),
)
