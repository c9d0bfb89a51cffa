"""What the events tell when read together: a person's timeline and the project's indicators.

Owns: read models that can be built again from the events: entries, people, teams, screenings,
gatherings, participations; the indicators' definitions (``data/``).

Answers: get_timeline, get_indicators.

Publishes: nothing.

Listens: person, case, consent, emergency access, screening, need, referral, enrolment, gathering,
attendance.

Of a screening only the profile without safety and the fragility without safety are kept: what is
not here cannot be told, neither by a timeline nor by a total that grows. A person whose only
fragility lies in the safety domain is therefore not counted in I01.
"""
