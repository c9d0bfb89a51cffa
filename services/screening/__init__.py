"""The scheda di screening, from the first question to what it suggests.

Owns: the versions of the form (``data/``), drafts with their answers, completed screenings with
their results: one with the safety domain, one without; projection: the teams of cases.

Answers: StartScreening, SaveAnswers, CompleteScreening, GetScreening, PreviewScreening,
ListScreenings, GetForm.

Publishes: screening.started.v1, screening.completed.v1 (always restricted).

Listens: case.staffed.v1; the coded facts about the person come with StartScreening.
"""
