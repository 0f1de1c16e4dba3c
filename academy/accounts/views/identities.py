"""Signing in at SURFconext and eduID, and linking them to an account."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from flask import flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from academy.accounts import login, pages, rules, service
from academy.accounts.errors import TooManyAttempts
from academy.accounts.gateway import Departure, IdentityProvider, NameNotChecked, Proof, ReturnUnknown, SignInCancelled
from academy.accounts.queries import identities as queries
from academy.accounts.service import identities
from academy.kernel.clock import utc_now
from academy.kernel.db import database
from academy.kernel.ids import id_in
from academy.kernel.translation import _, reading_language
from academy.kernel.web import localized_blueprint, open_to_all, public_address, render
from academy.kernel.web.mail_address import clean_email
from academy.kernel.web.visits import network_of

blueprint = localized_blueprint("identities", __name__)


@dataclass(frozen=True)
class _Trip:
    """What this browser remembers, in its signed cookie, of someone who left for a provider."""

    provider: str
    departure: Departure
    next_path: str
    needs_name: bool
    until: float


@blueprint.app_context_processor
def _ways_in() -> dict[str, object]:
    return {"identity_providers": identities.providers}


@blueprint.get("/sign-in/with/<provider>")
@open_to_all
def depart(provider: str) -> ResponseReturnValue:
    chosen = identities.provider(provider)
    needs_name = chosen.checks_names and request.args.get("need") == "name"
    url, departure = chosen.depart(return_url=_return_url(provider), with_checked_name=needs_name)
    _remember(_Trip(provider, departure, login.safe_next(request.args.get("next", "")), needs_name, _soon(utc_now())))
    return redirect(url)


@blueprint.get("/sign-in/with/<provider>/back")
@open_to_all
def arrive(provider: str) -> ResponseReturnValue:
    chosen = identities.provider(provider)
    trip, proof = _proven(chosen)
    if trip.needs_name and not proof.validated_name:
        raise NameNotChecked(chosen.name)
    actor = login.current_actor()
    if actor is None:
        return _sign_in(chosen, trip, proof)
    with database().writing() as db_session:
        known = identities.recognise_identity(db_session, actor=actor, proof=proof, now=utc_now())
    if not known:
        session["proof"] = {**asdict(proof), "provider": provider, "next": trip.next_path, "until": _soon(utc_now())}
        return redirect(url_for("identities.link", provider=provider), 303)
    flash(_("%(provider)s is al gekoppeld aan je account.", provider=chosen.name), "success")
    return redirect(trip.next_path or url_for("identities.mine"), 303)


@blueprint.get("/my/account/identities")
def mine() -> ResponseReturnValue:
    actor = login.require_actor()
    with database().reading() as db_session:
        linked = queries.identities_of(db_session, actor)
        checked_name = queries.validated_name_of(db_session, actor.person_id)
    return render(
        "accounts/identities.html", linked=pages.linked_identities(linked, identities.providers()), checked_name=checked_name,
        providers=identities.providers(),
    )


@blueprint.get("/my/account/identities/link/<provider>")
def link(provider: str) -> ResponseReturnValue:
    chosen, actor = identities.provider(provider), login.require_fresh_actor(url_for("identities.link", provider=provider), now=utc_now())
    return render("accounts/link_identity.html", provider=chosen, account=actor.email, proof=_waiting(provider))


@blueprint.post("/my/account/identities/link/<provider>")
def confirm_link(provider: str) -> ResponseReturnValue:
    chosen, actor = identities.provider(provider), login.require_fresh_actor(url_for("identities.link", provider=provider), now=utc_now())
    waiting = _waiting(provider)
    if waiting is None:  # a quarter of an hour has passed: once more to the provider
        return redirect(url_for("identities.link", provider=provider), 303)
    proof = Proof(**{name: waiting[name] for name in Proof.__dataclass_fields__})
    email = clean_email(proof.email) or ""
    with database().writing() as db_session:
        identities.link_identity(db_session, actor=actor, proof=proof, email=email, now=utc_now())
    session.pop("proof")
    flash(_("%(provider)s is gekoppeld. Je kunt er voortaan mee inloggen.", provider=chosen.name), "success")
    return redirect(waiting["next"] or url_for("identities.mine"), 303)


@blueprint.post("/my/account/identities/<identity>/unlink")
def unlink(identity: str) -> ResponseReturnValue:
    actor = login.require_fresh_actor(url_for("identities.mine"), now=utc_now())
    with database().writing() as db_session:
        identities.unlink_identity(db_session, actor=actor, identity_id=id_in(identity), now=utc_now())
    flash(_("Ontkoppeld. Inloggen kan altijd met een link per e-mail."), "success")
    return redirect(url_for("identities.mine"), 303)


def _return_url(provider: str) -> str:
    return public_address(url_for("identities.arrive", provider=provider))


def _soon(now: datetime) -> float:
    return (now + rules.LINK_LIFETIME).timestamp()


def _remember(trip: _Trip) -> None:
    """Keep this departure and the one before it: people have two tabs; a cookie has no room for more."""
    session["departures"] = [*session.get("departures", [])[-1:], asdict(trip)]


def _back_from(provider: str, state: str) -> _Trip:
    """Return the departure to which `state` belongs; it is forgotten here, so that it serves once. Raises ReturnUnknown."""
    kept: list[dict[str, Any]] = session.pop("departures", [])
    found = next((each for each in kept if each["provider"] == provider and each["departure"]["state"] == state), None)
    session["departures"] = [each for each in kept if each is not found]
    if found is None or found["until"] < utc_now().timestamp():
        raise ReturnUnknown
    return _Trip(**{**found, "departure": Departure(**found["departure"])})


def _proven(chosen: IdentityProvider) -> tuple[_Trip, Proof]:
    """Ask the provider what was proven: once per request, however often a busy database makes us try, and outside any transaction."""
    if "error" in request.args and "state" not in request.args:  # some providers forget it when someone breaks off
        raise SignInCancelled(chosen.name)
    if "trip" not in g:
        g.trip = _back_from(chosen.code, request.args.get("state", ""))
    if "proof" not in g:
        with database().writing() as db_session:
            returns = service.count_attempt(db_session, what="identity", who=network_of(request.remote_addr), now=utc_now())
        if returns > rules.ATTEMPTS_PER_NETWORK:
            raise TooManyAttempts
        g.proof = chosen.prove(g.trip.departure, request.args.to_dict(), return_url=_return_url(chosen.code), now=utc_now())
    return g.trip, g.proof


def _sign_in(chosen: IdentityProvider, trip: _Trip, proof: Proof) -> ResponseReturnValue:
    now = utc_now()
    with database().writing() as db_session:
        sign_in = identities.sign_in_by_identity(
            db_session, at=chosen, proof=proof, email=clean_email(proof.email) or "", language=reading_language(),
            device=rules.device_of(request.user_agent.string), now=now,
        )
    login.remember(sign_in, now=now)
    flash(_("Je bent ingelogd."), "success")
    return redirect(login.way_on(trip.next_path or url_for("enrolment.my_learning")), 303)


def _waiting(provider: str) -> dict[str, Any] | None:
    """Return what was proven just now in this session and waits for the word to link it."""
    proof: dict[str, Any] | None = session.get("proof")
    return proof if proof and proof["provider"] == provider and proof["until"] > utc_now().timestamp() else None
