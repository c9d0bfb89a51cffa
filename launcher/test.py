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
_ON_THE_STACK = {tier.name for tier in (*tiers.STACK_TESTS, *tiers.CHAOS_TESTS)}
_ON_ENGINES = _ON_THE_STACK | {tier.name for tier in tiers.ENGINE_TESTS}


def register(parser: ArgumentParser) -> None:
    """Add the arguments of `test`."""
    names = ", ".join(_TIERS)
    parser.add_argument("tiers", nargs="*", metavar="TIER", help=f"of {names}; all when none")


def run(arguments: Namespace, stack: Stack) -> int:
    """Run the tiers that were asked for, those on the running stack beside all others."""
    unknown = set(arguments.tiers) - set(_TIERS)
    if unknown:
        raise UsageFailure(f"There is no tier {', '.join(unknown)}: there are {', '.join(_TIERS)}.")
    asked = arguments.tiers or list(_TIERS)
    chosen = [tier for name, group in _TIERS.items() if name in asked for tier in group]
    if any(tier.is_tests for tier in chosen):
        assets.prepare()
    if any(tier.name == "web" for tier in chosen):
        browser.acquire(stack.settings)
    if any(tier.name in _ON_ENGINES for tier in chosen):
        typesetting.acquire(stack.settings)
    return tiers.conclude(_run(chosen, typesetting.variables(stack.settings)))


def _run(chosen: Sequence[Tier], environment: dict[str, str]) -> list[Outcome]:
    """Run the tiers of the stack beside the others; chaos last and alone, as it counts losses."""
    apart = [tier for tier in chosen if tier.name not in _ON_THE_STACK]
    beside = [tier for tier in chosen if tier in tiers.STACK_TESTS]
    chaos = [tier for tier in chosen if tier in tiers.CHAOS_TESTS]
    with ExitStack() as until_the_end:
        on_the_stack = environment | _engines_for([*beside, *chaos], until_the_end)
        lanes = [
            Lane(apart, environment | _engines_for(apart, until_the_end)),
            Lane(beside, on_the_stack),
        ]
        outcomes = tiers.run_lanes([lane for lane in lanes if lane.tiers])
        return outcomes + tiers.run_lanes([Lane(chaos, on_the_stack)])


def _engines_for(group: Sequence[Tier], until: ExitStack) -> dict[str, str]:
    """Start the engines of a lane once for all its tiers; the stack's tests start the rest."""
    if not any(tier.name in _ON_ENGINES for tier in group):
        return {}
    stack = until.enter_context(scratch.scratch_stack())
    startup.start(stack, engines_only=True)
    return scratch.variables(stack)
