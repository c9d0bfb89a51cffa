"""Walks through the referrals that an agency received, and accepts the oldest one that waits.

PLURALI_ADDRESS=… CLIENT_ID=… CLIENT_SECRET=… python -m examples.client.answering
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from examples.client.plurali import Plurali, Referral


def waiting(client: Plurali) -> Iterator[Referral]:
    """Yield every referral that waits for an answer, page by page."""
    cursor: str | None = None
    while True:
        page = client.referrals(direction="received", state="requested", cursor=cursor)
        yield from page["items"]
        cursor = page.get("next_cursor")
        if cursor is None:
            return


def main() -> None:
    """Accept the oldest referral for a first contact a week from now."""
    with Plurali(
        os.environ["PLURALI_ADDRESS"], os.environ["CLIENT_ID"], os.environ["CLIENT_SECRET"]
    ) as client:
        found = sorted(waiting(client), key=lambda each: each["created_at"])
        print(f"{len(found)} referrals wait for an answer")
        if found:
            in_a_week = datetime.now(UTC).date() + timedelta(days=7)  # noqa: TID251 - nothing of Plurali's own is at hand here
            accepted = client.referral_acceptance(
                found[0]["referral_id"], {"first_contact_on": in_a_week.isoformat()}
            )
            print(f"{accepted['referral_id']} is {accepted['state']}")


if __name__ == "__main__":
    main()
