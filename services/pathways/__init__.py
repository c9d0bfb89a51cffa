"""Pathways of accompaniment: who is proposed, enrolled, waiting or has refused.

Owns: offers with their places, enrolments, and which screening suggested what; projection: teams.
Answers: list_enrolments, enrol_person, refuse_pathway, withdraw_enrolment, list_offers, set_places.
Publishes: enrolment.proposed, confirmed, waitlisted, refused, withdrawn (v1).
Listens: screening.completed.v1, case.staffed.v1.
"""
