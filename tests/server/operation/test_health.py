"""The health check: ready as long as a query can be answered, now or soon."""

import pytest

from server.app import create_app
from tests.server.conftest import settings_for


@pytest.fixture
def app(snapshots):
    app = create_app(settings_for(snapshots, workers=1))
    yield app
    app.close()


def test_it_is_ready_while_a_worker_lives_and_503_when_none_can_be_had(app, built):
    client = app.test_client()
    ready = client.get("/health")
    assert (ready.status_code, ready.json["status"]) == (200, "ok")
    app.engine.close()
    ended = client.get("/health")
    assert (ended.status_code, ended.json) == (503, {**ready.json, "status": "no worker"})


def test_being_busy_is_being_ready(app):
    with app.engine.in_line(), app.engine.in_line():
        assert app.test_client().get("/health").status_code == 200
