"""What was done on the pages, in the words of the access log: one deed for each screen.

A screen's name is its key. A deed is written like the operations' own: ``participle/infinitive
object`` in Italian and ``past/infinitive object`` in English.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

PEOPLE: Final[Mapping[str, tuple[str, str]]] = {
    "person_search": ("cercato/cercare tra le persone", "searched/search among the people"),
    "person_registration": ("registrato/registrare la persona", "registered/register the person"),
    "person_edit": ("corretto/correggere i dati della persona", "corrected/correct the details"),
    "person_duplicates": (
        "cercato/cercare se la persona c'era già",
        "looked/look whether the person was there already",
    ),
    "person": ("aperto/aprire la pagina della persona", "opened/open the person's page"),
    "person_story": ("letto/leggere la storia della persona", "read/read the person's story"),
    "case_opening": ("aperto/aprire un caso", "opened/open a case"),
    "consents": ("letto/leggere i consensi", "read/read the consents"),
    "consent_record": ("registrato/registrare un consenso", "recorded/record a consent"),
    "consent_withdrawal": ("revocato/revocare un consenso", "withdrew/withdraw a consent"),
    "accesses": ("letto/leggere chi ha visto i dati", "read/read who saw the data"),
    "accesses_export": ("scaricato/scaricare gli accessi", "downloaded/download the accesses"),
    "work": ("guardato/guardare il proprio lavoro", "looked/look at their own work"),
}

PAGES: Final[Mapping[str, tuple[str, str]]] = {
    f"page.{name}": words for area in (PEOPLE,) for name, words in area.items()
}
"""The deeds of all areas by the name that stands in the access log."""
