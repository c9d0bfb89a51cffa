"""Who may come in: users, memberships of agencies, access tokens, the throttle at the door."""
