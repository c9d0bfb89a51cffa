"""`./plurali test`: everything that CI runs, on engines and a stack of its own."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from launcher import assets, browser, scratch, startup, tiers, typesetting
from launcher.failures import UsageFailure
from launcher.stack import Stack
from launcher.tiers import Outcome, Tier

_TIERS: dict[str, tuple[Tier, ...]] = {
    "style": tiers.STYLE,
    "audit": (tiers.AUDIT,),
    **{tier.name: (tier,) for tier in (*tiers.FAST_TESTS, *tiers.ENGINE_TESTS, *tiers.STACK_TESTS)},
}
_WITHOUT_ENGINES = {tier.name for tier in (*tiers.STYLE, tiers.AUDIT, *tiers.FAST_TESTS)}


def register(parser: ArgumentParser) -> None:
    """Add the arguments of `test`."""
    names = ", ".join(_TIERS)
    parser.add_argument("tiers", nargs="*", metavar="TIER", help=f"of {names}; all when none")


def run(arguments: Namespace, stack: Stack) -> int:
    """Run the tiers that were asked for, in the order of what fails fastest."""
    unknown = set(arguments.tiers) - set(_TIERS)
    if unknown:
        raise UsageFailure(f"There is no tier {', '.join(unknown)}: there are {', '.join(_TIERS)}.")
    asked = arguments.tiers or list(_TIERS)
    chosen = [tier for name, group in _TIERS.items() if name in asked for tier in group]
    if any(tier.is_tests for tier in chosen):
        assets.prepare()
    if any(tier.name == "web" for tier in chosen):
        browser.acquire(stack.settings)
    alone = [tier for tier in chosen if tier.name in _WITHOUT_ENGINES]
    outcomes = [tiers.run(tier, {}) for tier in alone]
    on_engines = [tier for tier in chosen if tier.name not in _WITHOUT_ENGINES]
    if on_engines:
        outcomes += _on_engines(on_engines)
    return tiers.conclude(outcomes)


def _on_engines(chosen: Sequence[Tier]) -> list[Outcome]:
    """Start the engines once for all tiers that need them; the stack's tests start the rest."""
    with scratch.scratch_stack() as stack:
        typesetting.acquire(stack.settings)
        startup.start(stack, engines_only=True)
        environment = scratch.variables(stack) | typesetting.variables(stack.settings)
        return [tiers.run(tier, environment) for tier in chosen]
