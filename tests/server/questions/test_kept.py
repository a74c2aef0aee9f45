"""What a question's page shows is worked out once for a snapshot and a language."""

from server.app import create_app
from tests.server.conftest import settings_for


def test_a_question_that_was_answered_needs_no_worker_again(snapshots):
    app = create_app(settings_for(snapshots, workers=1, cache=0))
    try:
        client = app.test_client()
        first = client.get("/queries/growth?lang=en")
        app.engine.close()
        again, other = client.get("/queries/growth?lang=en"), client.get("/queries/targets?lang=en")
        assert again.text == first.text
        assert 'class="result"' in again.text
        assert 'class="result"' not in other.text
    finally:
        app.close()
