"""Releases from each engine: the same content has the same root, one state of the vault is frozen, a home may move."""

import json
from pathlib import Path

import pytest
from store_lab import CountingIds, Lab

from goldsmith.kit.clock import FixedClock
from goldsmith.labeling.flows.exports import export_lines
from goldsmith.labeling.store import releases
from goldsmith.labeling.workbench import Workbenches
from goldsmith.store.homes import Home
from goldsmith.trust.reports import VerifyStatus
from goldsmith.trust.verifier import verify_release
from goldsmith.worker.loop import JobLoop


def never(_done: int, _total: int | None, _message: str) -> bool:
    return False


def released(home: Home, lab: Lab, watch=never) -> dict:
    loop = JobLoop(home, Workbenches(home).of, lambda: {"acme": "Acme"})
    return loop.run_now(lab.bench, "release", {"project": lab.project_id}, watch=watch)


def check(lab: Lab, result: dict) -> None:
    report = verify_release(Path(result["folder"]), lab.vault.key.verifying)
    assert (report.status, report.faults) == (VerifyStatus.OK, ())


def fill(lab: Lab) -> Lab:
    """Items, people who agree and disagree, a skip, a change of mind, and a program."""
    lab.add_items(30)
    ids = lab.item_ids()
    ada, bob = lab.person("ada"), lab.person("bob")
    for i, item in enumerate(ids[:20]):
        lab.answer(ada, item, "good" if i % 3 else "bad")
        lab.answer(bob, item, "good")
    lab.answer(ada, ids[20], None)
    lab.answer(bob, ids[0], "bad", supersedes=ids[0])
    lab.let_model_answer("rules", dict.fromkeys(ids, "good"))
    return lab


def told(line: bytes) -> dict:
    """An exported line without what differs from home to home: ids and times."""
    shown = json.loads(line)
    del shown["id"]
    for one in shown["annotations"]:
        del one["id"], one["created_at"]
    return shown


@pytest.mark.postgresql
def test_both_engines_release_and_export_the_same(tmp_path, postgresql_url):
    found = []
    for name, url in (("files", None), ("server", postgresql_url)):
        with Home(tmp_path / name, clock=FixedClock(), database_url=url) as home:
            lab = fill(Lab(home.create_vault("acme"), home.clock, new_id=CountingIds(), overlap=2))
            result = released(home, lab)
            check(lab, result)
            exported = b"".join(export_lines(lab.bench, lab.project)).splitlines()
            found.append((result["content_root"], result["n_items"], [told(line) for line in exported]))
    assert found[0] == found[1]
    assert len(found[0][2]) == 30


def test_a_release_holds_one_state_though_people_go_on_answering(home, lab):
    lab.add_items(1100)  # some chunks
    ids, person = lab.item_ids(), lab.person("ada")
    lab.answer(person, ids[0])
    answered = []

    def answer_meanwhile(_done: int, _total: int | None, message: str) -> bool:
        if message == "collecting items and answers":
            answered.append(lab.answer(person, ids[len(answered) + 1]).annotation_id)
        return False

    result = released(home, lab, watch=answer_meanwhile)
    check(lab, result)
    folder = Path(result["folder"])
    items = [json.loads(line) for line in (folder / "items.jsonl").read_text().splitlines()]
    history = [json.loads(line) for line in (folder / "annotations.jsonl").read_text().splitlines()]
    assert len(answered) > 2
    assert sum(len(item["answers"]) for item in items) == len(history) == 2  # one came before the state was taken
    again = released(home, lab)
    assert (again["is_new"], again["release"]) == (True, "v2")


def test_a_folder_that_nobody_recorded_makes_way(home, lab):
    lab.add_items(3)
    orphan = lab.vault.releases / lab.project.slug / "v1"
    orphan.mkdir(parents=True)
    (orphan / "half.jsonl").write_text("{")
    result = released(home, lab)
    assert (result["release"], result["is_new"]) == ("v1", True)
    check(lab, result)
    assert not (orphan / "half.jsonl").exists()


def test_a_home_may_move_with_its_releases(tmp_path, database_url):
    with Home(tmp_path / "here", clock=FixedClock(), database_url=database_url) as home:
        lab = fill(Lab(home.create_vault("acme"), home.clock))
        first, project = released(home, lab), lab.project_id
    (tmp_path / "here").rename(tmp_path / "there")
    with Home(tmp_path / "there", clock=FixedClock(), database_url=database_url) as home:
        vault = home.vault("acme")
        with vault.database.read() as connection:
            (row,) = releases.list_releases(connection, project)
        folder = vault.folder / row["folder"]
        assert str(folder).startswith(str(tmp_path / "there"))
        assert verify_release(folder, vault.key.verifying).status is VerifyStatus.OK
        lab.vault, lab.bench = vault, Workbenches(home).of("acme")
        again = released(home, lab)
        assert (again["is_new"], again["folder"]) == (False, str(folder))
        assert again["content_root"] == first["content_root"]
