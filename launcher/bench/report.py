"""The figures of a run as a table for a person and as data for a program."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from launcher.bench.figures import Figures, Pairs, quantile
from launcher.bench.measuring import Sizes


def as_text(figures: Figures, sizes: Sizes) -> str:
    """Return a table of both sides, then the ratios with their aims."""
    rows = [
        ("", "product", "baseline", "ratio"),
        _latency("chain, p50", figures.latency, 0.5),
        _latency("chain, p99", figures.latency, 0.99),
        _row("chains per second", figures.throughput, "{:.1f} /s"),
        _row("  timeline included", figures.timeline, "{:.1f} /s"),
        _row("processor time, a chain", figures.effort, "{:.0f} ms", 1000),
        _row("RPC round trip", figures.calls, "{:.1f} ms", 1000),
        ("", "window", "one by one", "ratio"),
        _row("relay, events per second", figures.relay, "{:.0f} /s"),
    ]
    table = [f"{name:26}{ours:>12}{other:>12}{ratio:>8}" for name, ours, other, ratio in rows]
    size = (
        f"{len(figures.latency.ours)} pairs of chains one at a time, "
        f"{len(figures.throughput.ours)} rounds of {sizes.chains} chains by {sizes.clients} clients"
    )
    aims = [f"{name}: ratio {aim}" for name, aim in figures.aims.items()]
    return "\n".join([size, "", *table, "", *aims])


def as_data(figures: Figures, sizes: Sizes) -> dict[str, Any]:
    """Return every single measurement with what was made of it; times in seconds."""
    latency = figures.latency
    return {
        "sizes": asdict(sizes),
        "latency": {
            name: {"p50": quantile(values, 0.5), "p99": quantile(values, 0.99)}
            for name, values in (("product", latency.ours), ("baseline", latency.other))
        },
        **{
            name: dict(zip(("product", "baseline"), pairs.medians, strict=True))
            | {"ratio": pairs.ratio}
            for name, pairs in (
                ("throughput", figures.throughput),
                ("timeline", figures.timeline),
                ("effort", figures.effort),
                ("calls", figures.calls),
            )
        },
        "relay": dict(zip(("window", "single"), figures.relay.medians, strict=True))
        | {"ratio": figures.relay.ratio},
        "aims": {
            name: {"ratio": aim.ratio, "aim": aim.bound, "met": aim.met}
            for name, aim in figures.aims.items()
        },
        "measured": asdict(figures),
    }


def _latency(name: str, pairs: Pairs, share: float) -> tuple[str, str, str, str]:
    ours, other = quantile(pairs.ours, share), quantile(pairs.other, share)
    return (
        name,
        f"{ours * 1000:.1f} ms",
        f"{other * 1000:.1f} ms",
        f"{pairs.ratio_at(share):.2f}",
    )


def _row(name: str, pairs: Pairs, form: str, factor: float = 1) -> tuple[str, str, str, str]:
    ours, other = pairs.medians
    return name, form.format(ours * factor), form.format(other * factor), f"{pairs.ratio:.2f}"
