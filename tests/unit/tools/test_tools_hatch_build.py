import os
from pathlib import Path

import pytest

import hatch_build


def project_in(folder: Path) -> Path:
    """A project with a browser app of one file."""
    (folder / "web/src").mkdir(parents=True)
    (folder / "web/package.json").write_text("{}")
    (folder / "web/package-lock.json").write_text("{}")
    (folder / "web/src/main.ts").write_text("let a = 1;")
    return folder


def put_on_path(folder: Path, monkeypatch: pytest.MonkeyPatch, *, node_version: str) -> None:
    """A Node of some version whose npm, asked to build, writes an index page and notes its calls."""
    makes = 'if [ "$1" = ci ]; then mkdir -p node_modules; else mkdir -p "$8"; echo hello > "$8/index.html"; fi'
    npm = f'#!/bin/sh\necho "$1" >> ../calls\n{makes}\n'
    for name, script in (("node", f"#!/bin/sh\necho {node_version}\n"), ("npm", npm)):
        (folder / name).write_text(script)
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join([str(folder), os.environ["PATH"]]))


def test_the_app_is_built_once_and_again_only_when_a_source_changes(tmp_path, monkeypatch):
    put_on_path(tmp_path, monkeypatch, node_version="v20.19.0")
    root = project_in(tmp_path / "project")

    assert hatch_build.build_app(root)
    assert (root / hatch_build.APP / "index.html").is_file()
    assert not hatch_build.build_app(root)
    (root / "web/node_modules/x.js").write_text("not a source")
    assert not hatch_build.build_app(root)
    (root / "web/src/main.ts").write_text("let a = 2;")
    assert hatch_build.build_app(root)
    (root / "web/package-lock.json").write_text('{"lockfileVersion": 3}')
    assert hatch_build.build_app(root)

    assert (root / "calls").read_text().split() == ["ci", "run", "run", "ci", "run"]


def test_renaming_a_source_changes_the_digest(tmp_path):
    root = project_in(tmp_path)
    before = hatch_build.sources_digest(root)
    (root / "web/src/main.ts").rename(root / "web/src/start.ts")
    assert hatch_build.sources_digest(root) != before


def test_an_old_node_is_not_used(tmp_path, monkeypatch):
    put_on_path(tmp_path, monkeypatch, node_version="v20.18.3")
    assert hatch_build.system_node() is None


def test_a_new_node_is_used_from_where_it_lies(tmp_path, monkeypatch):
    put_on_path(tmp_path, monkeypatch, node_version="v22.0.0")
    node = hatch_build.system_node()
    assert node is not None
    assert node.folder == tmp_path


def test_a_source_archive_with_the_app_needs_no_node(tmp_path):
    root = project_in(tmp_path)
    (root / hatch_build.APP).mkdir(parents=True)
    (root / hatch_build.APP / hatch_build.STAMP).write_text("the digest of what it was built from")
    (root / "PKG-INFO").write_text("Name: goldsmith\n")
    assert not hatch_build.build_app(root)


def test_a_failing_build_says_so_and_leaves_no_stamp(tmp_path, monkeypatch):
    put_on_path(tmp_path, monkeypatch, node_version="v20.19.0")
    (tmp_path / "npm").write_text("#!/bin/sh\nexit 3\n")
    root = project_in(tmp_path / "project")
    with pytest.raises(hatch_build.NodeError, match="ended with code 3"):
        hatch_build.build_app(root)
    assert not (root / hatch_build.APP / hatch_build.STAMP).exists()
