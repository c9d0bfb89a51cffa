"""The gateway as a process: health pages, settings, server, and what it never imports."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys

import pytest

from chassis.settings import SettingMissing
from gateway.health import Health
from gateway.settings import GatewaySettings
from tests.support.gateway import Gateway

_ENVIRONMENT = {"AMQP_URI": "amqp://broker//", "DATABASE_URL": "postgresql://database/gateway"}


@pytest.mark.parametrize(
    ("path", "status"), [("/live", 200), ("/ready", 200), ("/metrics", 200), ("/", 404)]
)
def test_health_pages(path: str, status: int) -> None:
    """Probes find what they look for."""
    assert Health({}).page(path)[0] == status


def test_not_ready_names_what_fails() -> None:
    """Whoever reads the probe knows where to look."""
    status, _, body = Health({"database": lambda: True, "broker": lambda: False}).page("/ready")
    assert (status, json.loads(body)["failing"]) == (503, ["broker"])


def test_alive_though_nothing_can_be_reached() -> None:
    """A restart would not bring the broker back."""
    assert Health({"broker": lambda: False}).page("/live")[0] == 200


def test_requests_are_counted_by_route(gateway: Gateway) -> None:
    """Ids in paths make no series of their own."""
    gateway.request("GET", "/people/nobody")
    page = Health({}).page("/metrics")[2].decode()
    assert (
        'plurali_http_requests_total{method="GET",route="/api/v1/people/<string:person_id>",'
        'status="422"}' in page
    )


def test_an_invented_method_makes_no_series_of_its_own(gateway: Gateway) -> None:
    """A caller may send any word as method, and the page must not grow with it."""
    gateway.request("INVENTED", "/people")
    page = Health({}).page("/metrics")[2].decode()
    assert "INVENTED" not in page
    assert 'plurali_http_requests_total{method="other"' in page


@pytest.mark.parametrize(
    "series",
    [
        'http_requests_total{method="GET",route="/api/v1/people/<string:person_id>",status="503"}',
        'rpc_client_requests_total{method="get_person",outcome="unavailable",target="intake"}',
        'access_log_rows_total{operation="person"}',
    ],
)
@pytest.mark.usefixtures("gateway")
def test_a_failure_has_a_series_before_it_happens(series: str) -> None:
    """The first one is a change that an alert can see."""
    assert f"plurali_{series}" in Health({}).page("/metrics")[2].decode()


def test_settings_come_from_the_environment() -> None:
    """A variable is named like its setting."""
    settings = GatewaySettings.from_environment({**_ENVIRONMENT, "PORT": "81", "HOST": "::"})
    assert (settings.port, settings.host, settings.workers) == (81, "::", 16)


@pytest.mark.parametrize("name", ["PORT", "TRUSTED_PROXIES", "REQUEST_SECONDS"])
def test_unreadable_setting_is_named(name: str) -> None:
    """The sentence tells which variable to set."""
    with pytest.raises(SettingMissing, match=name):
        GatewaySettings.from_environment({**_ENVIRONMENT, name: "many"})


def test_server_is_one_process_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Metrics and RPC client are shared by all requests; nothing opens a control socket."""
    for name, value in _ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    told = runpy.run_path("gateway/gunicorn_conf.py")
    assert [
        told[name]
        for name in ("workers", "threads", "worker_class", "preload_app", "control_socket_disable")
    ] == [1, 16, "gthread", False, True]


def test_no_green_thread_comes_near_the_gateway() -> None:
    """Neither nameko nor eventlet is imported by the process."""
    code = "import sys, gateway.app; print([m for m in ('nameko', 'eventlet') if m in sys.modules])"
    printed = subprocess.run(  # noqa: S603 - our own interpreter and our own code
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    assert printed.stdout.strip() == "[]"
