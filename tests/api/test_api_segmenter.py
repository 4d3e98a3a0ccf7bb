"""The operator's own segmenter: its files for whoever is signed in, and nothing else of the machine."""

import pytest

from goldsmith.errors import SettingsError
from goldsmith.server.segmenters import find_segmenter, worker_policy
from goldsmith.settings import load_settings
from goldsmith.trust.authorize import Role


@pytest.fixture
def folder(tmp_path):
    """A segmenter with a model below it, a note that no browser needs, and a way out of the folder."""
    made = tmp_path / "edges"
    (made / "model").mkdir(parents=True)
    (made / "segmenter.js").write_text("self.onmessage = () => {};")
    (made / "model" / "encoder.onnx").write_bytes(bytes(range(256)))
    (made / "notes.txt").write_text("for the operator")
    (tmp_path / "secret.js").write_text("outside")
    (made / "way-out.js").symlink_to(tmp_path / "secret.js")
    return made


def test_without_a_folder_there_is_none(shared):
    annotator = shared.signed_in(Role.ANNOTATOR)
    assert annotator.get("/api/me").json()["segmenter"] is None
    missing = annotator.get("/api/segmenter/segmenter.js")
    assert (missing.status_code, missing.json()["detail"]) == (404, "This server has no segmenter.")


def test_whoever_is_signed_in_gets_its_name_and_its_files(serve_with, folder):
    served = serve_with(SEGMENTER=str(folder))
    annotator = served.signed_in(Role.ANNOTATOR)
    assert annotator.get("/api/me").json()["segmenter"] == "edges"
    script = annotator.get("/api/segmenter/segmenter.js")
    assert script.headers["content-type"].startswith("text/javascript")
    policy = script.headers["content-security-policy"]
    own = f"{served.url.removeprefix('http://')}/api/segmenter/"
    assert policy == f"default-src 'none'; script-src {own} 'wasm-unsafe-eval'; connect-src {own}"
    model = annotator.get("/api/segmenter/model/encoder.onnx")
    assert model.content == bytes(range(256))
    again = annotator.get("/api/segmenter/model/encoder.onnx", headers={"if-none-match": model.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    (folder / "model" / "encoder.onnx").write_bytes(b"another model")
    changed = annotator.get("/api/segmenter/model/encoder.onnx", headers={"if-none-match": model.headers["etag"]})
    assert (changed.status_code, changed.content) == (200, b"another model")


@pytest.mark.parametrize("name", ["notes.txt", "way-out.js", "%2e%2e/secret.js", "..%2fsecret.js", "model", ""])
def test_nothing_else_is_sent(serve_with, folder, name):
    annotator = serve_with(SEGMENTER=str(folder)).signed_in(Role.ANNOTATOR)
    assert annotator.get(f"/api/segmenter/{name}").status_code == 404


def test_a_file_that_is_gone_is_told_as_missing(serve_with, folder):
    annotator = serve_with(SEGMENTER=str(folder)).signed_in(Role.ANNOTATOR)
    (folder / "segmenter.js").unlink()
    assert annotator.get("/api/segmenter/segmenter.js").status_code == 404


def test_a_folder_without_its_script_stops_the_start(tmp_path):
    settings = load_settings({"GOLDSMITH_SEGMENTER": str(tmp_path)})
    with pytest.raises(SettingsError, match=r"GOLDSMITH_SEGMENTER has to be a folder with a file segmenter\.js"):
        find_segmenter(settings.segmenter)


@pytest.mark.parametrize(
    ("host", "source"),
    [
        ("127.0.0.1:8321", "127.0.0.1:8321/api/segmenter/"),
        ("label.example.org", "label.example.org/api/segmenter/"),
        ("[::1]:8321", "'self'"),
        ("192.0.2.7:8321", "'self'"),
    ],
)
def test_the_worker_reaches_its_own_files_alone(host, source):
    assert worker_policy(host) == f"default-src 'none'; script-src {source} 'wasm-unsafe-eval'; connect-src {source}"
