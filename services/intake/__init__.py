"""Intake: persons, households, consents and cases. The only database that holds personal data.

Owns       persons, cases, consents, emergency accesses; projections: the ids of the agencies that
           a consent can name, and the referrals that were sent, by which an agency sees what a
           consent shares with it
Answers    register_person, correct_person, get_person, get_shared_person, find_people,
           find_duplicates, list_names, get_screening_context, open_case, set_case_team,
           list_cases, record_consent, withdraw_consent, list_consents, get_registration,
           open_emergency_access, list_own_emergency_accesses, get_emergency_person,
           list_emergency_accesses, review_emergency_access
Publishes  person.registered.v1, person.corrected.v1, case.opened.v1, case.staffed.v1,
           consent.granted.v1, consent.withdrawn.v1, emergency_access.opened.v1,
           emergency_access.reviewed.v1
Listens    organization.published.v1 (catalogue); what moves a referral that was sent (referrals):
           requested, accepted, started, completed, rejected, failed, cancelled
Every      5 minutes: seals tax codes again that an older key sealed
           minute: tells the teams of cases that are older than teams

Rooms beside the usual ones
sealing    encrypts a tax code at rest and marks it so that it can be searched without being read;
           a room of its own since it holds key material, which neither rules nor SQL should see
tax_code   reads a codice fiscale with python-codicefiscale, whose register of birthplaces is a
           file of seven megabytes read at first use; rules are given what it read
rules      the dated configuration in data/, each entry with its source

INTAKE_KEY (or the file that INTAKE_KEY_FILE names) holds the keys, newest first, separated by
commas; each is a Fernet key: 32 bytes in URL-safe base64. To rotate: put a new key in front,
restart every process, wait until no row of persons has another tax_code_key than the first key's,
then take the old key away.
"""
