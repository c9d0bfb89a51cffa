"""`./plurali bench-pages`: how long the pages of the running stack take, and what they weigh."""

from __future__ import annotations

import json
import re
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from html import unescape
from http import HTTPStatus
from typing import Final

import requests

from contracts.access import Role
from launcher import demonstration, startup
from launcher.bench.figures import quantile
from launcher.demonstration import REFERRER
from launcher.failures import EnvironmentFailure, ExitCode, ProcessFailure
from launcher.progress import step
from launcher.stack import Stack

_LOOKS: Final = 30
_TIMEOUT: Final = 30.0
_TOKEN: Final = re.compile(r'name="csrf_token" value="([^"]+)"')
_LINKS: Final[Mapping[str, tuple[str, str]]] = {
    # A page, the list on which its link stands, and the form of that link.
    "a person": ("/needs?state=active", r'href="(/people/[0-9a-f-]{36})/needs'),
    "a need": ("/needs?state=active", r'href="(/people/[0-9a-f-]{36}/needs/[0-9a-f-]{36})"'),
    "a referral": ("/referrals?direction=sent", r'href="(/referrals/[0-9a-f-]{36})"'),
    "a screening": ("/screenings?status=completed", r'href="(/screenings/[0-9a-f-]{36})"'),
    "a scheda under way": ("/screenings?status=draft", r'href="(/screenings/[0-9a-f-]{36})"'),
    "a service": ("/services", r'href="(/services/[0-9a-f-]{36})"'),
    "a gathering": ("/gatherings", r'href="(/gatherings/[0-9a-f-]{36})"'),
}
_PLAIN: Final = {
    "my work": "/",
    "find a person": "/people",
    "register a person": "/people/new",
    "referrals": "/referrals?direction=sent",
    "needs": "/needs",
    "pathways": "/pathways",
    "services": "/services",
    "gatherings": "/gatherings",
    "indicators": "/indicators",
    "account": "/account",
    "help": "/help",
}


@dataclass(frozen=True, kw_only=True)
class Timing:
    """A page: milliseconds until the last byte, and kilobytes as they cross the line."""

    page: str
    p50: float
    p95: float
    kilobytes: float


def register(parser: ArgumentParser) -> None:
    """Add the options of `bench-pages`."""
    parser.add_argument(
        "--looks", type=int, default=_LOOKS, metavar="N", help=f"at each page ({_LOOKS})"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run(arguments: Namespace, stack: Stack) -> int:
    """Look at every page several times in turn and print how long that took."""
    if not startup.runs_whole(stack):
        raise EnvironmentFailure("The pages of a running stack are timed: run `./plurali up`.")
    with requests.Session() as browser:
        browser.trust_env = False
        _sign_in(browser, stack)
        addresses = dict(_addresses(browser, stack.gateway_url))
        with step(f"Looking at {len(addresses)} pages, {arguments.looks} times each"):
            timings = _time(browser, stack.gateway_url, addresses, arguments.looks)
    if arguments.json:
        print(json.dumps([asdict(each) for each in timings], indent=2))
    else:
        print(_as_text(timings))
    return ExitCode.FINE


def _sign_in(browser: requests.Session, stack: Stack) -> None:
    """Come in by the door of the pages, as a case worker of the referring agency."""
    accounts = demonstration.require_accounts(stack.home)
    staff = demonstration.staff_of(accounts, REFERRER, Role.CASE_WORKER)
    shown = browser.get(f"{stack.gateway_url}/sign-in", timeout=_TIMEOUT)
    token = _TOKEN.search(shown.text)
    answer = browser.post(
        f"{stack.gateway_url}/sign-in",
        data={
            "csrf_token": unescape(token[1]) if token else "",
            "email": staff.email,
            "password": staff.password,
        },
        timeout=_TIMEOUT,
    )
    if answer.status_code != HTTPStatus.OK or "/sign-in" in answer.url:
        raise ProcessFailure(f"The sign-in to the pages was answered {answer.status_code}.")


def _addresses(browser: requests.Session, gateway: str) -> Iterator[tuple[str, str]]:
    """Yield every page that there is something to see on, with its address."""
    yield from _PLAIN.items()
    for name, (listed, link) in _LINKS.items():
        found = re.search(link, browser.get(gateway + listed, timeout=_TIMEOUT).text)
        if found:
            yield name, found[1]


def _time(
    browser: requests.Session, gateway: str, addresses: Mapping[str, str], looks: int
) -> Sequence[Timing]:
    """Look at the pages in turn, so that a disturbance which lasts is shared by all of them."""
    seconds: dict[str, list[float]] = {name: [] for name in addresses}
    weights: dict[str, int] = {}
    for turn in range(looks + 1):
        for name, address in addresses.items():
            begun = time.perf_counter()
            answer = browser.get(
                gateway + address, headers={"Accept-Encoding": "br"}, stream=True, timeout=_TIMEOUT
            )
            body = answer.raw.read(decode_content=False)
            # The first look warms what is kept for a while.
            if turn:
                seconds[name].append(time.perf_counter() - begun)
            if answer.status_code != HTTPStatus.OK:
                raise ProcessFailure(f"The page {address} was answered {answer.status_code}.")
            weights[name] = len(body)
    return [
        Timing(
            page=name,
            p50=round(quantile(each, 0.5) * 1000, 1),
            p95=round(quantile(each, 0.95) * 1000, 1),
            kilobytes=round(weights[name] / 1000, 1),
        )
        for name, each in seconds.items()
    ]


def _as_text(timings: Sequence[Timing]) -> str:
    lines = ["", f"{'page':20} {'p50 ms':>8} {'p95 ms':>8} {'kB':>6}"]
    lines += [
        f"{each.page:20} {each.p50:8.1f} {each.p95:8.1f} {each.kilobytes:6.1f}" for each in timings
    ]
    return "\n".join(lines)
