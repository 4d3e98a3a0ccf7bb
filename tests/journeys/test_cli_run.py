"""From raw documents to a signed release that a stranger verifies, in the terminal alone."""

from pathlib import Path

from cli_commands import done, goldsmith, process, serving, started, write_recipe


def test_a_recipe_runs_its_counts_add_up_and_again_it_changes_nothing(tmp_path: Path):
    recipe, home = write_recipe(tmp_path / "work"), tmp_path / "home"
    first = process("run", recipe, "--json", home=home)
    assert (first.code, first.err) == (0, "")
    refined, imported, release = first.json["refine"], first.json["import"], first.json["release"]
    assert (refined["n_read"], refined["n_kept"], refined["n_dropped"], refined["n_failed"]) == (7, 5, 2, 0)
    assert (imported["n_read"], imported["n_accepted"]) == (5, 5)
    assert first.json["models"]["licence-keywords"]["n_answers"] == first.json["progress"]["n_annotations"]
    assert (release["release"], release["is_new"], release["n_items"]) == ("v1", True, 5)

    again = done("run", recipe, home=home)
    assert "7 read = 5 kept + 2 dropped + 0 failed" in again.out
    assert "nothing new: all 5 were there already" in again.out
    assert "v1 of 5 items, unchanged" in again.out
    assert release["content_root"] in again.out
    assert first.json["verify"] in again.out
    assert sorted(path.name for path in Path(release["folder"]).parent.iterdir()) == ["v1"]

    key = first.json["verify"].split()[-1]
    assert process("verify", release["folder"], "--key", key).out.startswith("Verified: release v1")
    for path in (path for path in Path(release["folder"]).rglob("*") if path.is_file()):
        content = path.read_bytes()
        path.write_bytes(bytes([content[0] ^ 1]) + content[1:] if content else b"x")
        changed = goldsmith("verify", release["folder"], "--key", key)
        assert changed.code == 8, path
        assert path.name in changed.out
        path.write_bytes(content)


def test_beside_a_server_commands_talk_to_it_and_after_it_they_open_the_home(tmp_path: Path):
    recipe, home = write_recipe(tmp_path / "work"), tmp_path / "home"
    with serving(home) as served:
        ran = done("run", recipe, home=home)
        assert f"It is served at {served.url}" in ran.out
        (job,) = done("job", "list", "--json", home=home).json["rows"]
        assert (job["kind"], job["state"]) == ("run", "done")
        assert done("job", "watch", job["id"], "--json", home=home).json == job
        released = done("release", "download", "v1", "--out", tmp_path / "v1", "--json", home=home).json
        assert done(*released["verify"].split()[1:]).out.startswith("Verified")
        exported = tmp_path / "items.jsonl"
        done("items", "export", "--out", exported, home=home)
        served.process.terminate()
        assert served.process.wait(60) == 0
    assert done("items", "export", home=home).out.encode() == exported.read_bytes()
    assert len(done("items", "list", "--json", home=home).json["rows"]) == 5


def test_a_run_that_is_stopped_cancels_its_job_and_lets_go_of_the_home(tmp_path: Path):
    home = tmp_path / "home"
    with started("demo", "--no-serve", home=home) as running:
        assert running.stderr is not None
        said = ["", ""]
        while "  Reading\n" not in said:
            said.append(running.stderr.readline())
            assert said[-1], said
        running.terminate()
        assert running.wait(60) == 1
        assert running.stderr.read().splitlines()[-1].startswith("Error: Stopped; what was complete is kept.")
    (job,) = done("job", "list", "--json", home=home).json["rows"]
    assert job["state"] == "cancelled"
    assert not (home / "vaults" / "default" / "corpora" / "which-licence").exists()


def test_the_demo_works_on_the_documents_of_this_machine(tmp_path: Path):
    first = done("demo", "--no-serve", "--json", home=tmp_path / "home").json
    refined = first["refine"]
    assert refined["n_read"] == refined["n_kept"] + refined["n_dropped"] + refined["n_failed"]
    assert refined["n_kept"] == first["import"]["n_accepted"] == first["release"]["n_items"] > 50
    assert sum(first["reasons"].values()) == refined["n_dropped"] + refined["n_failed"]
    assert len(first["models"]) == 3
    again = done("demo", "--no-serve", "--json", home=tmp_path / "home").json
    assert again["import"]["n_accepted"] == 0
    assert {model["n_new"] for model in again["models"].values()} == {0}
    assert again["release"] == first["release"] | {"is_new": False}
    assert done(*first["verify"].split()[1:]).code == 0
