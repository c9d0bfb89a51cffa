"""Ways in beside the password: one-time links, a forgotten password, identity providers."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from flask import session as browser
from flask_babel import gettext as _

from gateway.identity.domain import AgencyNotChosen
from gateway.identity.language import (
    AccessToken,
    ForgottenPassword,
    LinkRedemption,
    ProviderAnswer,
    ProviderEntry,
    ProviderInvitation,
)
from gateway.web import forms
from gateway.web.cookies import DEPARTURE
from gateway.web.errand import next_of
from gateway.web.screen import Entered, Go, Outcome, Page, Screen, Visit
from gateway.web.views import DEBTS

_NEXT: Final = "next"


def show_link(visit: Visit) -> Outcome:
    """Show where a password is chosen; the link's token stands behind the hash, unseen by us."""
    return Page(
        template="links/link.html",
        context={"providers": visit.turn.identity.provider_list().items},
    )


def take_link(visit: Visit) -> Outcome:
    """Set the password that the reader of a link chose."""
    visit.turn.identity.redeem(forms.read(LinkRedemption, visit.form), address=visit.turn.address)
    return Go(to="/sign-in", said=_("La password è scelta. Ora entra con la tua e-mail."))


def show_forgotten(visit: Visit) -> Outcome:
    """Ask whose password was forgotten."""
    return Page(
        template="links/forgotten.html", context={"mails": visit.turn.identity.notifier.is_there}
    )


def take_forgotten(visit: Visit) -> Outcome:
    """Send a link if the address is a user's; nobody learns whether it is."""
    visit.turn.identity.forgotten(
        forms.read(ForgottenPassword, visit.form), address=visit.turn.address
    )
    return Page(template="links/reminded.html")


def show_departure(visit: Visit) -> Outcome:
    """Send somebody to an identity provider."""
    entry = forms.read(ProviderEntry, visit.query, provider=visit.path["provider"])
    departure = visit.turn.identity.depart(entry.provider, agency_id=entry.agency_id, face="pages")
    going = next_of(visit)
    if going:
        browser[_NEXT] = going
    return Go(to=departure.url, departs=departure.browser)


def take_invitation(visit: Visit) -> Outcome:
    """Redeem an invitation with an account at a provider: a link leads there."""
    wanted = forms.read(ProviderInvitation, visit.form, provider=visit.path["provider"])
    departure = visit.turn.identity.depart(wanted.provider, invitation=wanted.token, face="pages")
    # A form may not lead to another site, a link may.
    browser["onward"] = departure.url
    return Go(to=f"/oidc/{wanted.provider}/onward", departs=departure.browser)


def show_onward(visit: Visit) -> Outcome:
    """Show the link that leads to the provider."""
    known = {each.name: each.label for each in visit.turn.identity.provider_list().items}
    address = browser.get("onward")
    if address is None or visit.path["provider"] not in known:
        return Go(to="/sign-in")
    return Page(
        template="links/onward.html",
        context={"address": address, "label": known[visit.path["provider"]]},
    )


def show_return(visit: Visit) -> Outcome:
    """Let somebody in whom the provider vouches for."""
    provider = visit.path["provider"]
    try:
        token = visit.turn.identity.come_back(
            forms.read(ProviderAnswer, visit.query, provider=provider),
            browser=visit.turn.cookies.get(DEPARTURE),
            address=visit.turn.address,
            face="pages",
        )
    except AgencyNotChosen as choice:
        return Page(
            template="links/agency.html",
            context={"provider": provider, "agency_ids": choice.agency_ids},
            status=HTTPStatus.UNPROCESSABLE_ENTITY,
        )
    return _entered(token)


def _entered(token: AccessToken) -> Entered:
    """Forget what the browser was told before, but not where its person was going."""
    going = browser.get(_NEXT, "")
    browser.clear()
    to = going or "/"
    if token.pending:
        to = f"{DEBTS[token.pending[0]]}?next={quote(going)}"
    return Entered(token=token.access_token, then=Go(to=to))


SCREENS: Final = (
    Screen(name="link", path="/link", shows=show_link, takes=take_link, anonymous=True),
    Screen(
        name="forgotten_password",
        path="/forgotten-password",
        shows=show_forgotten,
        takes=take_forgotten,
        anonymous=True,
    ),
    Screen(
        name="oidc_departure", path="/oidc/<string:provider>", shows=show_departure, anonymous=True
    ),
    Screen(
        name="oidc_invitation",
        path="/oidc/<string:provider>/invitation",
        takes=take_invitation,
        shown_again="link",
        anonymous=True,
    ),
    Screen(
        name="oidc_onward",
        path="/oidc/<string:provider>/onward",
        shows=show_onward,
        anonymous=True,
    ),
    Screen(
        name="oidc_return",
        path="/oidc/<string:provider>/callback",
        shows=show_return,
        anonymous=True,
    ),
)
