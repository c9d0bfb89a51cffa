"""Wiring of the gateway: what is connected to what, and nothing else."""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any, Final

from flask import Flask, Response, jsonify, request
from werkzeug.middleware.proxy_fix import ProxyFix

from chassis import log, metrics, revisions
from chassis.clients import RpcClient
from chassis.db import make_engine
from chassis.tracing import TRACING
from gateway import limits, scanning
from gateway.access_keeper import AccessKeeper
from gateway.access_log import StoredAccessLog
from gateway.api import openapi
from gateway.api.documentation import add_documentation
from gateway.api.failures import show_problem
from gateway.api.views import PREFIX, View
from gateway.circuits import GuardedPort
from gateway.database import NAME, Database
from gateway.desk import Desk
from gateway.digests import DigestRounds, prepare_digest_metrics
from gateway.edge import prepare_metrics, surround
from gateway.feedback import StoredReports
from gateway.health import Health, serve
from gateway.identity import notifier, openid
from gateway.identity.handlers import Identity
from gateway.identity.housekeeping import keep_house
from gateway.identity.policy import Policy
from gateway.identity.sealing import Seal
from gateway.problems import RETRY_SECONDS, RefusedError
from gateway.settings import THREADS, GatewaySettings
from gateway.web.application import add_pages
from gateway.web.digests import DigestWriter
from gateway.web.failures import show_failure
from gateway.web.imprint import Imprint
from gateway.web.static import serve_static

BODY_LIMIT: Final = 1_000_000
_DEMONSTRATION: Final = Imprint()


def create_app() -> Flask:
    """Return the gateway as the environment describes it, with its health port open."""
    settings = GatewaySettings.from_environment(os.environ)
    log.configure(settings.log_level, service=NAME)
    metrics.prepare_process(NAME, settings.version, revisions.newest_of(NAME))
    TRACING.configure(NAME, settings.version)
    database = Database(
        make_engine(settings.database_url, name=NAME, workers=THREADS, now=settings.database_now)
    )
    metrics.watch_pool(NAME, database.engine.pool)
    rpc = RpcClient(settings.broker_now, name=NAME)
    health = Health({"database": database.is_reachable, "broker": rpc.is_reachable})
    desk = Desk(
        rpc=GuardedPort(rpc),
        identity=_identity(database, os.environ),
        access_log=StoredAccessLog(database),
        side=ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="rpc-side"),
        request_seconds=settings.request_seconds,
        counter=limits.from_environment(database, os.environ),
        reports=StoredReports(database),
        scanner=scanning.at_address(settings.scanner),
    )
    keep_house(desk.identity)
    AccessKeeper(database).start()
    if settings.health_port:
        serve(health, host=settings.health_host, port=settings.health_port)
    app = assemble(
        desk,
        health,
        form_keys=desk.identity.seal.form_keys,
        secure=desk.identity.policy.public_url.startswith("https:"),
        imprint=Imprint.from_environment(os.environ),
    )
    prepare_digest_metrics()
    if desk.identity.notifier.is_there:
        writer = DigestWriter(app=app, site=desk.identity.policy.public_url)
        DigestRounds(identity=desk.identity, rpc=desk.rpc, write=writer).start()
    serve_static(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]  # Flask's own way to wrap it
    return app


def _identity(database: Database, environment: Mapping[str, str]) -> Identity:
    """Return identity as the environment describes it."""
    return Identity(
        database,
        Seal.from_environment(environment),
        policy=Policy.from_environment(environment),
        notifier=notifier.from_environment(environment),
        providers=openid.configured(environment),
    )


def assemble(
    desk: Desk,
    health: Health,
    *,
    form_keys: tuple[str, ...],
    secure: bool = False,
    imprint: Imprint = _DEMONSTRATION,
) -> Flask:
    """Return the application over the parts that it is given."""
    app = Flask(NAME, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT
    app.url_map.strict_slashes = True
    surround(app, lambda failure: _show_failure(failure, desk))
    document = openapi.route(app, lambda operation: View(operation, desk))
    _add_documents(app, document, desk, health)
    add_pages(app, desk, form_keys=form_keys, secure=secure, imprint=imprint)
    prepare_metrics(app)
    return app


def _show_failure(failure: Exception, desk: Desk) -> Response:
    """Show a failure to whoever asked: programs get a problem, people a page."""
    if not request.path.startswith((f"{PREFIX}/", "/status")):
        return show_failure(failure)
    try:
        # What no view has met, such as an address where nothing is, was not counted yet.
        if not limits.is_counted():
            limits.admit(desk.counter, None)
    except limits.TooManyRequests as refused:
        return show_problem(refused)
    return show_problem(failure)


def _add_documents(app: Flask, document: Mapping[str, Any], desk: Desk, health: Health) -> None:
    """Add what is not an operation: the document itself and the status."""
    here = {"url": desk.identity.policy.public_url + PREFIX, "description": "This installation"}
    served = {**document, "servers": [here]}

    def show_document() -> Response:
        limits.admit(desk.counter, None)
        return jsonify(served)

    def show_status() -> Response:
        limits.admit(desk.counter, None)
        failing = health.failing()
        if failing:
            raise RefusedError(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "unavailable",
                f"Cannot be reached: {', '.join(failing)}.",
                headers={"Retry-After": str(RETRY_SECONDS)},
            )
        return jsonify(status="ok")

    add_documentation(app, served, lambda: limits.admit(desk.counter, None))
    app.add_url_rule(f"{PREFIX}/openapi.json", "openapi", show_document)
    app.add_url_rule(f"{PREFIX}/status", "status", show_status)
    app.add_url_rule("/status", "root_status", show_status)
