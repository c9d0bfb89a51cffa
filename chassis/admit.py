"""Users and rights of one broker: ``python -m chassis.admit``.

``RABBITMQ_API`` is the address of the management interface with its administrator, and
``RABBITMQ_DEFINITIONS`` holds virtual hosts, users and rights in the broker's own form; both may
come from files. A node reads the same at its start: this is for one that goes on running while a
new version needs other rights. Nobody is removed, and no connection ends.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import closing

from chassis.broker_admin import BrokerAdmin
from chassis.settings import secret


def main() -> None:
    """Bring the broker to what the definitions tell."""
    definitions = json.loads(secret(os.environ, "RABBITMQ_DEFINITIONS"))
    with closing(BrokerAdmin.at(secret(os.environ, "RABBITMQ_API"))) as admin:
        admin.define(definitions)
    names = [user["name"] for user in definitions["users"]]
    sys.stdout.write(f"users of the broker: {', '.join(names)}\n")


if __name__ == "__main__":
    main()
