"""The door to nameko: the few names of it that the chassis stands on."""

import warnings

with warnings.catch_warnings():
    # eventlet, which comes with it, announces its deprecation at every import.
    warnings.simplefilter("ignore")
    from nameko.containers import ServiceContainer
    from nameko.exceptions import ContainerBeingKilled, deserialize_to_instance
    from nameko.exceptions import serialize as nameko_form
    from nameko.extensions import (
        DependencyProvider,
        Entrypoint,
        SharedExtension,
        register_entrypoint,
    )
    from nameko.timer import Timer

__all__ = [
    "ContainerBeingKilled",
    "DependencyProvider",
    "Entrypoint",
    "ServiceContainer",
    "SharedExtension",
    "Timer",
    "deserialize_to_instance",
    "nameko_form",
    "register_entrypoint",
]
