"""Lets the first administrator in, inside a pod of the gateway, and shows the password once.

kubectl -n plurali exec -i deploy/gateway -c gateway -- \
    python - EMAIL NAME [AGENCY] < deploy/k8s/first_administrator.py
"""

# ruff: noqa: INP001 - piped into a pod, imported by nobody

import os
import sys
from uuid import UUID

from chassis import clock
from chassis.db import make_engine
from contracts.access import Role
from gateway.database import Database
from gateway.identity.handlers import Identity
from gateway.identity.language import NewUser
from gateway.identity.policy import Policy
from gateway.identity.sealing import Seal
from gateway.settings import GatewaySettings


def main(email: str, name: str, agency: str = "") -> None:
    """Make the account; without an agency that exists, of one that is still to be described."""
    settings = GatewaySettings.from_environment(os.environ)
    engine = make_engine(settings.database_url, name="first-administrator", workers=1)
    identity = Identity(
        Database(engine),
        Seal.from_environment(os.environ),
        policy=Policy.from_environment(os.environ),
    )
    agency_id = UUID(agency) if agency else clock.new_id()
    created = identity.create_user(
        NewUser(email=email, name=name, agency_id=agency_id, roles=(Role.ADMINISTRATOR,))
    )
    engine.dispose()
    sys.stdout.write(
        f"{email} of agency {agency_id}\npassword, shown this once: {created.password}\n"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
