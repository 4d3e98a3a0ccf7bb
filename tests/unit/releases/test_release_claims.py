"""A signer can be wrong about his own release, by mistake or on purpose: the verifier recomputes what he says."""

from pathlib import Path

import msgspec
import pytest
from release_factories import KEY, OTHER_KEY, make_release

from goldsmith.kit.digest import canonical_json, file_sha256, sha256_hex
from goldsmith.trust import dsse
from goldsmith.trust.verifier import verify_release


@pytest.fixture
def release(tmp_path) -> Path:
    make_release(tmp_path, 6)
    return tmp_path / "v1"


def _resign(release, edit):
    """A release whose signer himself says something wrong: changed by `edit`, then listed and signed properly."""
    manifest = msgspec.json.decode((release / "manifest.json").read_bytes())
    edit(release, manifest)
    for entry in manifest["files"]:
        path = release / entry["name"]
        if path.is_file():
            entry.update(sha256=file_sha256(path), size_bytes=path.stat().st_size)
    content = canonical_json(manifest) + b"\n"
    (release / "manifest.json").write_bytes(content)
    statement = dsse.open_envelope((release / "release.dsse.json").read_bytes(), KEY.verifying)
    statement["subject"][0]["digest"]["sha256"] = sha256_hex(content)
    (release / "release.dsse.json").write_bytes(dsse.sign_statement(statement, KEY) + b"\n")
    return [str(fault) for fault in verify_release(release, KEY.verifying).faults]


def _set(**values):
    return lambda _release, manifest: manifest.update(values)


def _swap_two_items(release, manifest):
    for name in ("items.jsonl", "rows/items.sha256"):
        lines = (release / name).read_bytes().splitlines(keepends=True)
        (release / name).write_bytes(b"".join([lines[1], lines[0], *lines[2:]]))


def _set_certificate(name, value):
    def edit(release, manifest):
        manifest["certificate"][name] = value
        (release / "certificate.json").write_bytes(canonical_json(manifest["certificate"]))

    return edit


def _unlist(name):
    def edit(release, manifest):
        manifest["files"] = [entry for entry in manifest["files"] if entry["name"] != name]
        (release / name).unlink()

    return edit


def _replace_in(name, old, new):
    def edit(release, manifest):
        (release / name).write_bytes((release / name).read_bytes().replace(old, new))

    return edit


@pytest.mark.parametrize(
    ("edit", "fault"),
    [
        (_set(content_root="00" * 32), "items.jsonl: does not have the content root that the manifest says"),
        (_set(n_answered=1), "items.jsonl: has 6 answered items, but the manifest says 1"),
        (_set(key_id=OTHER_KEY.key_id), f"manifest.json: names the key '{OTHER_KEY.key_id}', but"),
        (_set(checkpoint="x\n1\ny\n\nz\n"), "manifest.json: holds a checkpoint that does not hold"),
        (_set(sheets=[]), "manifest.json: does not describe items.jsonl"),
        (_set(format="goldsmith-release/v2"), "manifest.json: is not a manifest: Invalid enum value"),
        (_unlist("rows/items.sha256"), "manifest.json: does not list rows/items.sha256"),
        (_swap_two_items, "items.jsonl, row 2: is not in the order of external ids"),
        (_set_certificate("n_items", 7), "certificate.json: says 7 for n_items, but it is 6"),
        (_set_certificate("who", []), "certificate.json: does not say who answered how much as the rows do"),
        (_set_certificate("who", [3]), "certificate.json: does not say who answered how much as the rows do"),
        (_replace_in("certificate.json", b"Acme", b"Emca"), "certificate.json: differs from the certificate"),
        (_replace_in("certificate.json", b"{", b"["), "certificate.json: is not a certificate"),
        (_replace_in("items.jsonl", b'"payload":{', b'"payload":[{'), "items.jsonl, row 1: is not a row of a release"),
        (_replace_in("rows/items.sha256", b"doc-00002", b"doc-00009"), "items.jsonl, row 3 (doc-00009): was changed"),
        (_replace_in("items.jsonl", b"MIT License", b"mit license"), "items.jsonl, row 1 (doc-00000): was changed"),
    ],
)  # fmt: skip
def test_a_signer_who_is_wrong_about_his_own_release_is_found_out(release, edit, fault):
    faults = _resign(release, edit)
    assert any(found.startswith(fault) for found in faults), faults


@pytest.mark.parametrize("name", ["../outside", "/etc/passwd", "rows/../../x", "a/b", ".hidden", "rows/", ""])
def test_a_manifest_cannot_lead_out_of_its_folder(release, name):
    faults = _resign(
        release, lambda _release, manifest: manifest["files"].append({"name": name, "sha256": "", "size_bytes": 0})
    )
    assert any("cannot be a file of a release" in fault for fault in faults)
