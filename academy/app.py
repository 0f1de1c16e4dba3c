"""The house put together: settings in, a working application out."""

import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from academy import retention
from academy.accounts import login as accounts_login
from academy.accounts import personal
from academy.accounts.api import offer_sectors
from academy.accounts.oidc_gateway import OidcProvider
from academy.accounts.service import identities as accounts_identities
from academy.accounts.service import leaving as accounts_leaving
from academy.accounts.service import throttling
from academy.accounts.views import factors, identities, organisations, privacy, trail
from academy.accounts.views import signing_in as accounts_views
from academy.catalogue import personal as catalogue_personal
from academy.catalogue import taxonomy
from academy.catalogue import views as catalogue_views
from academy.config import Settings
from academy.employers import links as employer_links
from academy.employers import personal as employer_personal
from academy.employers import rounds as pool_rounds
from academy.employers import subscribers as employer_subscribers
from academy.employers.views import (
    broker,
    courses,
    demands,
    desk,
    firm_seats,
    gathering,
    pool_desk,
    proposals,
    requests,
    seat_guests,
)
from academy.enrolment import links as enrolment_links
from academy.enrolment import personal as enrolment_personal
from academy.enrolment import rounds as seat_rounds
from academy.enrolment import subscribers as enrolment_subscribers
from academy.enrolment.views import (
    admission,
    attending,
    deciding,
    drawing,
    pools,
    results,
    study_groups,
    together,
    waiting,
)
from academy.enrolment.views import leaving as leaving_views
from academy.enrolment.views import seats as enrolment_views
from academy.enrolment.views import workspace as workspace_views
from academy.exchange import running as harvests
from academy.exchange import views as exchange_views
from academy.exchange.http_gateway import HttpGateway
from academy.funding import links as funding_links
from academy.funding import personal as funding_personal
from academy.funding import rounds as funding_rounds
from academy.funding import subscribers as funding_subscribers
from academy.funding.views import approving, by_letter, employer_budget, funded_seats, situation, sources, tax
from academy.funding.views import rules as funding_rules_views
from academy.kernel import outbox, uploads
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import Database, database, set_database
from academy.kernel.web import AcademyApp, create_bare_app, logs, visits
from academy.kernel.worker import Job, Worker
from academy.notices import service as notices_service
from academy.notices import subscribers as notices_subscribers
from academy.notices import views as notices_views
from academy.notices.file_gateway import FileCarrier
from academy.notices.smtp_gateway import SmtpCarrier
from academy.pathways import personal as pathway_personal
from academy.pathways import rounds as pathway_rounds
from academy.pathways import subscribers as pathway_subscribers
from academy.pathways import views as pathway_views
from academy.payments import personal as payments_personal
from academy.payments import rounds as money_rounds
from academy.payments import service as payments_service
from academy.payments import subscribers as payments_subscribers
from academy.payments.demo_gateway import DemoGateway
from academy.payments.gateway import PaymentGateway
from academy.payments.service import invoicing_keeping
from academy.payments.views import attention, outgoing, payouts
from academy.payments.views import demo_bank as demo_bank_views
from academy.payments.views import invoices as invoices_views
from academy.payments.views import mine as my_payments_views
from academy.payments.views import notices as bank_notices_views
from academy.payments.views import paying as paying_views
from academy.recognition import links as recognition_links
from academy.recognition import personal as recognition_personal
from academy.recognition import rounds as recognition_rounds
from academy.recognition import views as recognition_views
from academy.reports import links as report_links
from academy.reports import personal as report_personal
from academy.reports import rounds as report_rounds
from academy.reports import subscribers as report_subscribers
from academy.reports import views as report_views
from academy.search import links as search_links
from academy.search import looking, memory_forms, memory_views, occupation_views, occupations, rounds
from academy.search import service as search_service
from academy.search import subscribers as search_subscribers
from academy.search import views as search_views
from academy.search.embedded_engine import EmbeddedEngine
from academy.search.gateway import SearchEngine
from academy.search.meilisearch_engine import MeilisearchEngine
from academy.search.memory import forgetting, recording
from academy.site import views as site_views
from academy.skills import views as skills_views

# What rooms keep of people, the highest first: its rows go before what they point to.
PERSONAL = (
    notices_service.HELD, report_personal.HELD, employer_personal.HELD, pathway_personal.HELD, forgetting.HELD, enrolment_personal.HELD, funding_personal.HELD, recognition_personal.HELD, catalogue_personal.HELD, invoicing_keeping.HELD,
    payments_personal.HELD, accounts_leaving.HELD,
)


def create_app(settings: Settings) -> AcademyApp:
    """Return the application on `settings`: database, search engine and letters chosen, all rooms open."""
    connect(settings)
    return build(settings)


def connect(settings: Settings) -> None:
    """Choose what this process works with: database, engines, carriers, gateways, folders, keys of links; and who hears of what."""
    logs.configure(settings.log_level, as_json=not settings.is_local)
    set_database(Database(settings.database_url))
    search_service.set_engine(_search_engine(settings, "search", "academy"))
    occupations.set_engine(_search_engine(settings, "occupations", "academy_occupations"))
    if settings.smtp_url:
        notices_service.set_carrier(SmtpCarrier(settings.smtp_url, sender=settings.mail_from))
    else:
        notices_service.set_carrier(FileCarrier(_mail_folder(settings), sender=settings.mail_from))
    payments_service.set_gateway(_payment_gateway(settings), fee_rate=settings.payments.fee_rate)
    payments_service.set_return_pages(paying_views.return_pages)
    offer_sectors(lambda today: [(each.code, each.title) for each in taxonomy.sectors() if each.may_be_chosen(today)])
    enrolment_subscribers.register()
    funding_subscribers.register()
    payments_subscribers.register()
    gateway = HttpGateway(allow_private=settings.is_local)
    harvests.set_harvester(harvests.Harvester(gateway, settings.data_dir / "harvest", os.environ))
    notices_subscribers.register()
    search_subscribers.register()
    employer_subscribers.register()
    pathway_subscribers.register()
    report_subscribers.register()
    uploads.set_folder(uploads.UploadFolder(settings.data_dir / "files"))
    accounts_identities.set_providers(OidcProvider(**vars(each)) for each in settings.identity_providers)
    for links in (accounts_login, search_links, funding_links, enrolment_links, employer_links, recognition_links, report_links):
        links.configure(settings.secret_key, *settings.former_keys)
    recording.set_recorder(recording.Recorder())
    personal.set_rooms(PERSONAL)


def build(settings: Settings) -> AcademyApp:
    """Return the application with all rooms open; it works with what `connect` chose last."""
    app = create_bare_app("academy", secret_key=settings.secret_key, former_keys=settings.former_keys, base_url=settings.base_url)
    app.config["SECURITY_CONTACT"] = settings.security_contact
    visits.install(app, visits.Visits(secret_key=settings.secret_key, tell=tell_of_visits))
    accounts_login.install(app, shows_codes=settings.has_demo_mailbox)
    for room in (
        accounts_views, factors, identities, organisations, privacy, trail, catalogue_views, enrolment_views, workspace_views, waiting, together,
        leaving_views, admission, deciding, drawing, pools, attending, results, study_groups, exchange_views,
        memory_views, occupation_views, search_views, site_views, skills_views, paying_views,
        invoices_views, outgoing, my_payments_views, payouts, attention, situation, sources, funding_rules_views, approving, by_letter, employer_budget, funded_seats, tax,
        demands, desk, firm_seats, gathering, seat_guests, broker, pool_desk, courses, proposals, requests,
    ):
        app.register_blueprint(room.blueprint)
    for blueprint in (*recognition_views.BLUEPRINTS, *pathway_views.BLUEPRINTS, *report_views.BLUEPRINTS):
        app.register_blueprint(blueprint)
    app.register_blueprint(site_views.root)
    app.register_blueprint(bank_notices_views.blueprint)
    if settings.has_demo_bank:
        app.register_blueprint(demo_bank_views.blueprint)
    if settings.has_demo_mailbox:
        app.register_blueprint(notices_views.blueprint)
    app.context_processor(lambda: {
        "demo": settings.has_demo_mailbox, "contact_email": settings.contact_email, "contact_phone": settings.contact_phone,
    })
    return app


def create_worker(*, lease: timedelta = outbox.LEASE) -> Worker:
    """Return the worker of this process, on the database that `create_app` chose; run it in an application context."""
    harvesting = harvests.HarvestThread(harvests.harvester())
    slots = pathway_rounds.NightCount()
    roll_up = report_rounds.NightRollUp()
    jobs = [
        Job("end-of-holds", timedelta(seconds=5), seat_rounds.end_holds),
        Job("open-up-pools", timedelta(minutes=1), seat_rounds.open_up_pools),
        Job("tell-news", timedelta(seconds=30), seat_rounds.tell_news),
        Job("decide-classes", timedelta(seconds=30), seat_rounds.decide_classes),
        Job("draw-lots", timedelta(seconds=30), seat_rounds.draw_lots),
        Job("close-blocks", timedelta(minutes=1), seat_rounds.close_blocks),
        Job("decide-pools", timedelta(seconds=30), pool_rounds.decide_pools),
        Job("lapse-pools", timedelta(minutes=1), pool_rounds.lapse_pools),
        Job("start-pools", timedelta(minutes=1), pool_rounds.start_pools),
        Job("remind-pledges", timedelta(minutes=1), pool_rounds.remind_pledges),
        Job("lapse-demands", timedelta(minutes=10), pool_rounds.lapse_demands),
        Job("open-proposals", timedelta(minutes=1), pool_rounds.open_proposals),
        Job("lapse-requests", timedelta(minutes=10), pool_rounds.lapse_requests),
        Job("remind-of-levels", timedelta(hours=6), pool_rounds.remind_of_levels),
        Job("guests-of-seats", timedelta(minutes=1), pool_rounds.look_at_guests),
        Job("finish-classes", timedelta(hours=1), seat_rounds.finish_classes),
        Job("bank-notices", timedelta(seconds=2), money_rounds.look_at_notices),
        Job("bank-visits", timedelta(seconds=5), money_rounds.close_visits),
        Job("bank-orders", timedelta(seconds=5), money_rounds.send_orders),
        Job("money-to-check", timedelta(seconds=30), money_rounds.find_what_is_wrong),
        Job("lapse-shares", timedelta(seconds=30), funding_rounds.lapse_shares),
        Job("remind-employers", timedelta(minutes=1), funding_rounds.remind_employers),
        Job("monthly-invoices", timedelta(hours=1), funding_rounds.invoice_last_month),
        Job("follow-invoices", timedelta(minutes=1), funding_rounds.follow_invoices),
        Job("remind-idle", timedelta(minutes=10), recognition_rounds.remind_idle),
        Job("lapse-files", timedelta(minutes=10), recognition_rounds.lapse_files),
        Job("tell-late", timedelta(minutes=10), recognition_rounds.tell_late),
        Job("archive-files", timedelta(hours=1), recognition_rounds.archive_files),
        Job("expire-precedents", timedelta(hours=1), recognition_rounds.expire_precedents),
        Job("end-agreements", timedelta(minutes=10), recognition_rounds.end_agreements),
        Job("unlink-files", timedelta(minutes=1), recognition_rounds.unlink_files),
        Job("sweep-files", timedelta(hours=6), recognition_rounds.sweep_files),
        Job("tell-route-changes", timedelta(minutes=10), pathway_rounds.tell_changes),
        Job("look-for-classes", timedelta(hours=6), pathway_rounds.look_for_classes),
        Job("count-slots", timedelta(minutes=10), slots.turn, stop=slots.stop),
        Job("roll-up", timedelta(minutes=10), roll_up.turn, stop=roll_up.stop),
        Job("ask-about-classes", timedelta(hours=1), report_rounds.ask_about_classes),
        Job("follow-commissions", timedelta(hours=1), report_rounds.follow_commissions),
        Job("close-questionnaires", timedelta(minutes=10), report_rounds.close_questionnaires),
        Job("retention", timedelta(minutes=10), _apply_retention),
        Job("sweep-uploads", timedelta(hours=1), _sweep_uploads),
        Job("index-usable", timedelta(seconds=15), _index_usable),
        Job("occupations-usable", timedelta(seconds=15), _occupations_usable),
        Job("index-of-the-hour", timedelta(seconds=0.5), rounds.Round().turn),
        Job("tell-about-new", timedelta(minutes=10), _tell_about_new),
        Job("harvest-due", timedelta(seconds=10), harvesting.wake, stop=harvesting.stop),
    ]
    return Worker(database(), jobs, lease=lease)


def _search_engine(settings: Settings, name: str, index: str) -> SearchEngine:
    """Return the engine of one index: in the folder `name`, or `index` on the Meilisearch server."""
    folder = settings.data_dir / name
    if not settings.meilisearch_url:
        return EmbeddedEngine(folder)
    return MeilisearchEngine(
        settings.meilisearch_url, settings.meilisearch_key, lock_file=folder / "writer.lock", day=lambda: amsterdam_day(utc_now()).weekday(),
        name=index,
    )


def _payment_gateway(settings: Settings) -> PaymentGateway | None:
    """Return who takes payments: the payment service of the settings, on one's own machine a demo bank, else nobody."""
    chosen = settings.payments
    if chosen.stripe_key:
        from academy.payments.stripe_gateway import StripeGateway  # noqa: PLC0415 - its SDK takes half a second, and few installations of a developer need it

        return StripeGateway(chosen.stripe_key, notice_secrets=chosen.notice_secrets, methods=chosen.methods, api_base=chosen.api_base)
    if settings.has_demo_bank:
        return DemoGateway(settings.secret_key, page_of=demo_bank_views.page_of, account_page_of=demo_bank_views.account_page_of)
    return None


def tell_of_visits(counted: Mapping[str, int], until: datetime) -> Mapping[str, int]:
    with database().writing() as session:
        return throttling.add_visits(session, counted, until=until)


def _mail_folder(settings: Settings) -> Path:
    return settings.data_dir / "mail"


def _apply_retention(now: datetime) -> None:
    retention.apply(database(), now=now)


def _sweep_uploads(now: datetime) -> None:
    uploads.folder().sweep(now=now)


def _tell_about_new(now: datetime) -> None:
    looking.tell_about_new(question=memory_forms.question_of, find=partial(search_service.find, now=now), now=now)


def _index_usable(now: datetime) -> None:
    # Deleted, damaged, or of another release: whoever is the first to see it makes a new one.
    if search_service.needs_rebuild():
        search_service.rebuild(now=now)


def _occupations_usable(_now: datetime) -> None:
    if occupations.needs_rebuild():
        occupations.rebuild()
