"""What browsers are sent beside pages: names, headers, and what happens where nothing was built."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import Client, TestResponse

from gateway.web import static

_NAME = "app.0123456789ab.css"


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """Lay out a build of one sheet, compressed beside it."""
    (tmp_path / _NAME).write_text("a{color:red}")
    (tmp_path / f"{_NAME}.br").write_bytes(b"compressed")
    (tmp_path / "manifest.json").write_text(json.dumps({"app.css": _NAME}))
    return tmp_path


def _ask(built: Path, path: str, **headers: str) -> TestResponse:
    app = Flask("pages", static_folder=None)
    static.serve_static(app, built)
    answer = Client(app.wsgi_app).get(path, headers=headers)
    with answer:
        answer.get_data()
    return answer


def test_a_name_of_the_sources_leads_to_what_was_built(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page says `app.css`; which build that is stands in the address."""
    monkeypatch.setattr(static, "BUILT", built)
    assert static.asset_url("app.css") == f"/static/{_NAME}"


def test_a_name_that_was_not_built_says_what_to_run(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A misspelt name does not become a dead link."""
    monkeypatch.setattr(static, "BUILT", built)
    with pytest.raises(static.AssetsMissing, match=r"other\.css.*\./plurali assets"):
        static.asset_url("other.css")


def test_a_gateway_without_a_build_does_not_start(tmp_path: Path) -> None:
    """Pages without styles would be worse than a sentence."""
    with pytest.raises(static.AssetsMissing, match=r"run \./plurali assets"):
        static.serve_static(Flask("pages"), tmp_path / "nothing")


def test_what_holds_its_digest_is_kept_for_ever(built: Path) -> None:
    """A later page of the same build asks for nothing again."""
    answer = _ask(built, f"/static/{_NAME}")
    assert "immutable" in answer.headers["Cache-Control"]


def test_what_may_change_under_its_name_is_not_kept_for_ever(built: Path) -> None:
    """The manifest of the next build has the same name."""
    answer = _ask(built, "/static/manifest.json")
    assert answer.headers["Cache-Control"] == "max-age=60, public"


def test_a_browser_that_reads_brotli_gets_the_small_file(built: Path) -> None:
    """Compressing was done when it was built."""
    answer = _ask(built, f"/static/{_NAME}", **{"Accept-Encoding": "gzip, br"})
    assert (answer.headers["Content-Encoding"], answer.data) == ("br", b"compressed")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Content-Type-Options", "nosniff"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
        ("Access-Control-Allow-Origin", None),
    ],
)
def test_what_is_sent_says_what_it_is_and_who_may_use_it(
    built: Path, name: str, value: str | None
) -> None:
    """A drawing opened by itself runs nothing, and no other site reads it."""
    assert _ask(built, f"/static/{_NAME}").headers.get(name) == value


def test_what_was_not_built_is_not_found(built: Path) -> None:
    """The application answers for everything else."""
    assert _ask(built, "/static/other.css").status_code == 404
