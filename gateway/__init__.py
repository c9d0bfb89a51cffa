"""The one door: REST for staff and for agencies' systems, identity, access log.

Owns: users, memberships, access tokens, the access log (database ``gateway``).
Answers: HTTP under ``/api/v1``. Asks: every service, over RPC. Publishes and listens: nothing.
"""
