"""Referrals: what a person needs, who is asked to help, and what became of it.

Owns       database referrals: needs, referrals, confirmations; projections services, consents,
           teams
Answers    list_referrals, get_referral, list_needs, get_worklist, send_referral,
           accept_referral, reject_referral, cancel_referral, start_referral, complete_referral,
           fail_referral, reroute_need, decide_need, close_need, explain_matches
Publishes  need.opened.v1, need.agreed.v1, need.closed.v1,
           referral.drafted.v1, referral.discarded.v1,
           referral.requested.v1, referral.accepted.v1, referral.rejected.v1,
           referral.cancelled.v1, referral.started.v1, referral.completed.v1, referral.failed.v1
Listens    screening.completed.v1 (screening), service.published.v1 (catalogue),
           consent.granted.v1, consent.withdrawn.v1, case.staffed.v1 (intake)

Who changes something about a person holds that person's lock and shares the catalogue's; a
published service holds the catalogue's alone. So no consent, service or screening misses another.
"""
