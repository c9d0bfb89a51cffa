"""`./plurali test`: everything that CI runs, on engines and a stack of its own."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from contextlib import ExitStack

from launcher import assets, browser, scratch, startup, tiers, typesetting
from launcher.failures import UsageFailure
from launcher.stack import Stack
from launcher.tiers import Lane, Outcome, Tier

_TIERS: dict[str, tuple[Tier, ...]] = {
    "style": tiers.STYLE,
    "audit": (tiers.AUDIT,),
    **{
        tier.name: (tier,)
        for tier in (
            *tiers.FAST_TESTS,
            *tiers.ENGINE_TESTS,
            *tiers.STACK_TESTS,
            *tiers.CHAOS_TESTS,
        )
    },
}
_ON_ENGINES = (*tiers.ENGINE_TESTS, *tiers.STACK_TESTS, *tiers.CHAOS_TESTS)


def register(parser: ArgumentParser) -> None:
    """Add the arguments of `test`."""
    names = ", ".join(_TIERS)
    parser.add_argument("tiers", nargs="*", metavar="TIER", help=f"of {names}; all when none")


def run(arguments: Namespace, stack: Stack) -> int:
    """Run the tiers that were asked for, those on a whole stack beside the others."""
    unknown = set(arguments.tiers) - set(_TIERS)
    if unknown:
        raise UsageFailure(f"There is no tier {', '.join(unknown)}: there are {', '.join(_TIERS)}.")
    asked = arguments.tiers or list(_TIERS)
    chosen = [tier for name, group in _TIERS.items() if name in asked for tier in group]
    if any(tier.is_tests for tier in chosen):
        assets.prepare()
    if any(tier in tiers.WEB_TESTS for tier in chosen):
        browser.acquire(stack.settings)
    if any(tier in _ON_ENGINES for tier in chosen):
        typesetting.acquire(stack.settings)
    return tiers.conclude(_run(chosen, typesetting.variables(stack.settings)))


def _run(chosen: Sequence[Tier], environment: dict[str, str]) -> list[Outcome]:
    """Run tests on a whole stack beside the others; chaos last and alone, as it counts losses."""
    whole = [tier for tier in chosen if tier in tiers.STACK_TESTS]
    chaos = [tier for tier in chosen if tier in tiers.CHAOS_TESTS]
    others = [tier for tier in chosen if tier not in (*whole, *chaos)]
    with ExitStack() as until_the_end:
        beside = environment | _engines_for([*whole, *chaos], until_the_end)
        with ExitStack() as until_chaos:
            lanes = [
                Lane(others, environment | _engines_for(others, until_chaos)),
                Lane(whole, beside),
            ]
            outcomes = tiers.run_lanes([lane for lane in lanes if lane.tiers])
        return outcomes + tiers.run_lanes([Lane(chaos, beside)])


def _engines_for(group: Sequence[Tier], until: ExitStack) -> dict[str, str]:
    """Start the engines of a lane once for all its tiers; the stack's tests start the rest."""
    if not any(tier in _ON_ENGINES for tier in group):
        return {}
    stack = until.enter_context(scratch.scratch_stack())
    startup.start(stack, engines_only=True)
    return scratch.variables(stack)
