"""`./plurali bench`: the chain of the running stack beside a bare baseline, in one run."""

from __future__ import annotations

import json
import subprocess
import time
from argparse import ArgumentParser, Namespace
from contextlib import ExitStack, closing, nullcontext
from dataclasses import replace

from chassis import layout
from launcher import bootstrap, startup
from launcher.bench import measuring, relaying, report
from launcher.bench.baseline import Baseline, Ground, ground_of
from launcher.bench.figures import Figures, Pairs
from launcher.bench.measuring import Sides, Sizes
from launcher.bench.product import Product
from launcher.bench.recording import Books, Recording
from launcher.failures import EnvironmentFailure, ExitCode, ProcessFailure
from launcher.progress import step
from launcher.settings import ROOT
from launcher.stack import Stack

_EVENTS, _EVENT_SIZE = 1000, 800


def register(parser: ArgumentParser) -> None:
    """Add the options of `bench`."""
    for name, meaning in (
        ("pairs", "chains one at a time, of each side"),
        ("rounds", "rounds of chains at once, of each side"),
        ("chains", "chains in a round"),
        ("clients", "clients in a round"),
        ("seconds", "after which no further pair or round begins"),
    ):
        default = getattr(Sizes, name)
        parser.add_argument(
            f"--{name}",
            type=type(default),
            default=default,
            metavar="N",
            help=f"{meaning} ({default:g})",
        )
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run(arguments: Namespace, stack: Stack) -> int:
    """Measure and print; whatever the figures are, the command has done its work."""
    sizes = replace(
        Sizes(),
        **{name: getattr(arguments, name) for name in vars(arguments) if hasattr(Sizes, name)},
    )
    if not startup.runs_whole(stack):
        raise EnvironmentFailure("The benchmark measures a running stack: run `./plurali up`.")
    figures = measure(stack, sizes, quiet=arguments.json)
    if arguments.json:
        print(json.dumps(report.as_data(figures, sizes), indent=2))
    else:
        print(report.as_text(figures, sizes))
    return ExitCode.FINE


def measure(stack: Stack, sizes: Sizes, *, quiet: bool = False) -> Figures:
    """Measure everything in one run."""
    announce = (lambda _sentence: nullcontext()) if quiet else step
    deadline = time.monotonic() + sizes.seconds
    with ExitStack() as opened:
        product = opened.enter_context(closing(Product(stack)))
        with announce("Recording what one chain writes"):
            recording = _record(stack, product)
        ground = opened.enter_context(ground_of(stack))
        with announce("Starting the baseline"):
            baseline = opened.enter_context(closing(Baseline(ground, recording, product.choices)))
            sides: Sides = (product, baseline)
            warmed = [measuring.warm(side, sizes.clients, recording.deliveries) for side in sides]
        with announce("Chains one at a time"):
            latency = measuring.latencies(sides, sizes, recording.deliveries, deadline)
        with announce("Chains at once"):
            rounds = measuring.throughputs(sides, sizes, recording.deliveries, deadline)
        with announce("Round trips of one request"):
            referrals = [
                side.ledger.referral_of(id_) for side, id_ in zip(sides, warmed, strict=True)
            ]
            calls = measuring.calls(sides, sizes, referrals)
        with announce("The relay with its window and one by one"):
            relay = _relay(stack, ground, sizes.rounds)
    return Figures(
        latency=latency,
        throughput=rounds.effects,
        timeline=rounds.timeline,
        effort=rounds.effort,
        relay=relay,
        calls=calls,
    )


def _record(stack: Stack, product: Product) -> Recording:
    (id_,) = product.prepare(1)
    product.ledger.await_calm()
    with product.client() as client:
        product.complete(client, id_)
    product.ledger.await_effects([id_])
    product.ledger.await_calm()
    return Recording(Books(stack), id_)


def _relay(stack: Stack, ground: Ground, rounds: int) -> Pairs:
    """Return the relay's rates with its window and one by one, on the baseline's ground."""
    layout.apply(
        ground.broker,
        layout.shared() | layout.subscription(relaying.QUEUE, [(relaying.SERVICE, relaying.TYPE)]),
    )
    attempt = subprocess.run(
        [
            str(bootstrap.PYTHON),
            "-m",
            "launcher.bench.relaying",
            *map(str, (_EVENTS, _EVENT_SIZE, rounds)),
        ],
        cwd=ROOT,
        env=stack.environment(relaying.SERVICE)
        | {"AMQP_URI": ground.broker, "DATABASE_URL": ground.url(relaying.SERVICE)},
        capture_output=True,
        text=True,
        check=False,
        **startup.worker().as_subprocess(),
    )
    if attempt.returncode:
        raise ProcessFailure(f"The relay could not be measured:\n{attempt.stderr}")
    rates = json.loads(attempt.stdout)
    return Pairs(tuple(rates["window"]), tuple(rates["single"]))
