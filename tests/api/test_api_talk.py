"""Comments, gold hidden in the stream, contests of it, and suggestions, over HTTP."""

import uuid

import pytest
from labeling_desk import new_desk, problem

from goldsmith.trust.authorize import Role


@pytest.fixture
def desk(served):
    desk = new_desk(served.signed_in(Role.MANAGER), order="sequence", review="all")
    desk.add_texts([f"text {i}" for i in range(4)])
    return desk


@pytest.fixture
def people(served, desk):
    return [desk.of(served.signed_in(Role.ANNOTATOR)) for _ in range(2)]


@pytest.fixture
def reviewer(served, desk):
    return desk.of(served.signed_in(Role.REVIEWER))


def post(desk, place, **body):
    return desk.client.post(f"{desk.path}/{place}", json={"id": str(uuid.uuid4()), **body})


def ok(answer):
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_thread_is_seen_by_those_it_concerns_and_names_nobody(desk, people, reviewer):
    item_id = people[0].lease_one()["item_id"]
    anchor = {"question": "names", "region": {"start": 0, "end": 4, "label": "person"}}
    thread = ok(post(people[0], f"items/{item_id}/threads", text="Is this a name?", anchor=anchor))
    assert (thread["anchor"], thread["state"]) == (anchor, "open")
    problem(post(people[1], f"items/{item_id}/threads", text="Let me in."), 404, "not-found")
    assert people[1].get(f"items/{item_id}/threads").json()["rows"] == []
    seen = reviewer.get("threads").json()["rows"]
    assert [row["id"] for row in seen] == [thread["id"]]
    assert seen[0]["comments"][0]["author"] is None
    answered = ok(post(reviewer, f"threads/{thread['id']}/comments", text="No."))
    assert [(one["voice"], one["is_yours"]) for one in answered["comments"]] == [
        ("annotator", False),
        ("reviewer", True),
    ]
    place = f"{desk.path}/threads/{thread['id']}"
    assert ok(reviewer.client.put(place, json={"state": "resolved"}))["state"] == "resolved"
    assert people[0].get("threads").json()["rows"] == []
    again = ok(post(people[0], f"threads/{thread['id']}/comments", text="Why?"))
    assert again["state"] == "open"
    problem(post(people[1], f"threads/{thread['id']}/comments", text="Hello"), 404, "not-found")
    assert "person-" in desk.get(f"items/{item_id}/threads").json()["rows"][0]["comments"][0]["author"]


def test_a_lease_counts_the_open_threads_that_concern_whoever_holds_it(served):
    desk = new_desk(served.signed_in(Role.MANAGER), order="sequence", overlap=2)
    desk.add_texts(["one", "two"])
    ana, ben = (desk.of(served.signed_in(Role.ANNOTATOR)) for _ in range(2))
    first = ana.lease_one()
    assert (first["n_open_threads"], ben.lease_one()["item_id"]) == (0, first["item_id"])
    place = f"items/{first['item_id']}/threads"
    threads = [ok(post(ana, place, text=text)) for text in ("Which?", "And this?")]
    assert (ana.lease_one()["n_open_threads"], ben.lease_one()["n_open_threads"]) == (2, 0)
    resolved = ana.client.put(f"{ana.path}/threads/{threads[0]['id']}", json={"state": "resolved"})
    assert ok(resolved)["state"] == "resolved"
    assert ana.lease_one()["n_open_threads"] == 1


def test_a_reviewer_who_labels_sees_the_comments_of_other_annotators_only_when_they_ask_for_all(desk, people):
    item_id = people[0].lease_one()["item_id"]
    theirs = ok(post(people[0], f"items/{item_id}/threads", text="I would say bad."))
    mine = ok(post(desk, f"items/{item_id}/threads", text="Is this irony?"))
    own = desk.get(f"items/{item_id}/threads", only_own=True).json()["rows"]
    assert [row["id"] for row in own] == [mine["id"]]
    every = desk.get(f"items/{item_id}/threads").json()["rows"]
    assert {row["id"] for row in every} == {mine["id"], theirs["id"]}


def test_a_comment_sent_twice_is_stored_once(people):
    item_id = people[0].lease_one()["item_id"]
    first = {"id": str(uuid.uuid4()), "text": "What is meant?"}
    place = f"{people[0].path}/items/{item_id}/threads"
    assert ok(people[0].client.post(place, json=first)) == ok(people[0].client.post(place, json=first))
    problem(people[0].client.post(place, json={**first, "text": "Other"}), 409, "conflict")
    problem(people[0].client.post(place, json={**first, "id": str(uuid.uuid4()), "text": " "}), 400, "invalid-input")
    unknown = {"id": str(uuid.uuid4()), "text": "x", "anchor": {"question": "nothing"}}
    problem(people[0].client.post(place, json=unknown), 400, "invalid-input")


def test_the_comment_of_a_return_is_a_thread_that_the_annotator_reads(people, reviewer):
    item_id = people[0].lease_one()["item_id"]
    people[0].submit(item_id, {"mood": "bad"})
    (lease,) = reviewer.lease(purpose="review").json()["leases"]
    versions = {"schema_version": 1, "guideline_version": 1, "policy_version": 1}
    sent = {"item_id": item_id, "decision": "returned", "annotation": lease["answers"][0]["key"], "comment": "Irony."}
    assert post(reviewer, "reviews", **sent, **versions).status_code == 201
    (thread,) = people[0].get(f"items/{item_id}/threads").json()["rows"]
    assert (thread["is_return"], thread["is_about_you"]) == (True, True)
    assert [(one["voice"], one["text"]) for one in thread["comments"]] == [("reviewer", "Irony.")]
    assert people[0].lease_one()["rework"]["thread_id"] == thread["id"]


def gold_desk(served, **policy):
    desk = new_desk(served.signed_in(Role.MANAGER), order="sequence", **policy)
    desk.add_texts([f"text {i}" for i in range(40)])
    rows = [{"id": f"t{i:05}", "answers": {"mood": "good"}} for i in range(30, 40)]
    assert desk.client.post(f"{desk.path}/known-answers", json={"rows": rows}).json()["n_stored"] == 10
    return desk


def drain(person, n, mood="good"):
    got = []
    for _ in range(n):
        leases = person.lease().json()["leases"]
        if not leases:
            break
        got.append(leases[0])
        assert person.submit(leases[0]["item_id"], {"mood": mood}).status_code == 201
    return got


def test_gold_is_hidden_among_other_items_and_looks_like_them(served):
    desk = gold_desk(served, gold_share=0.5, gold_exposures=3)
    person = desk.of(served.signed_in(Role.ANNOTATOR))
    got = drain(person, 16)
    names = [lease["external_id"] for lease in got]
    gold = [name for name in names if name >= "t00030"]
    assert 2 <= len(gold) < 16
    assert len(set(names)) == len(names)
    assert len({str(sorted(lease)) for lease in got}) == 1
    assert {str(lease["why"]) for lease in got} == {
        "{'text': 'It is next in the queue.', 'n_answers': 0, 'confidence': None}"
    }


def test_gold_is_shown_no_more_often_than_the_policy_says(served):
    desk = gold_desk(served, gold_share=0.9, gold_exposures=2, gold_per_annotator=3)
    for n in range(3):
        person = desk.of(served.signed_in(Role.ANNOTATOR, name=f"P{n}"))
        gold = [lease for lease in drain(person, 8) if lease["external_id"] >= "t00030"]
        assert len(gold) <= 3
    assert max(row["n_people"] for row in desk.items()) <= 2


def contested(served, **policy):
    desk = gold_desk(served, **{"gold_feedback": True, **policy})
    people = [desk.of(served.signed_in(Role.ANNOTATOR, name=f"C{i}")) for i in range(2)]
    item_id = next(row["id"] for row in desk.items() if row["external_id"] == "t00030")
    people[0].submit(item_id, {"mood": "bad"})
    return desk, people, item_id


def known(desk, item_id):
    return [(row["value"], row["origin"]) for row in desk.get("known-answers", item=item_id).json()["rows"]]


@pytest.mark.parametrize(("final", "state"), [("bad", "changed"), ("good", "upheld")])
def test_contested_gold_is_decided_by_somebody_else_and_the_contester_is_told(served, final, state):
    desk, people, item_id = contested(served)
    (row,) = people[0].get("my-gold").json()["rows"]
    assert (row["yours"], row["known"]) == ("bad", "good")
    problem(post(people[1], f"items/{item_id}/contests", reason="I never saw it"), 404, "not-found")
    problem(post(people[0], f"items/{item_id}/contests", reason=" "), 400, "invalid-input")
    opened = ok(post(people[0], f"items/{item_id}/contests", reason="It is ironic."))
    assert (opened["state"], opened["is_yours"]) == ("open", True)
    problem(post(people[0], f"items/{item_id}/contests", reason="Again."), 409, "conflict")
    assert people[0].get("my-gold").json()["rows"][0]["is_contested"] is True
    empty = desk.lease(purpose="adjudicate").json()["empty"]  # the manager gave this gold
    assert empty["counts"]["waiting"] == 1
    judge = desk.of(served.signed_in(Role.REVIEWER))
    (lease,) = judge.lease(purpose="adjudicate").json()["leases"]
    assert sorted(one["answers"]["mood"] for one in lease["answers"]) == ["bad", "good"]
    key = next(one["key"] for one in lease["answers"] if one["answers"]["mood"] == final)
    sent = {
        "item_id": item_id,
        "purpose": "adjudicate",
        "decision": "adjudicated",
        "answers": {"mood": final},
        "taken": {"mood": key},
        "comment": "The tone says it.",
        "schema_version": 1,
        "guideline_version": 1,
        "policy_version": 1,
    }
    assert post(judge, "reviews", **sent).status_code == 201
    assert known(desk, item_id) == [(final, "confirmed")]
    (told,) = people[0].get("contests").json()["rows"]
    assert (told["state"], told["resolution"]) == (state, "The tone says it.")
    assert people[1].get("contests").json()["rows"] == []
    assert len(desk.get("contests", state=state).json()["rows"]) == 1


def test_gold_is_not_shown_where_the_policy_hides_it(served):
    _, people, item_id = contested(served, gold_feedback=False)
    assert people[0].get("my-gold").json() == {"rows": [], "is_shown": False}
    problem(post(people[0], f"items/{item_id}/contests", reason="I guess it is gold"), 404, "not-found")


def test_suggestions_are_shown_to_most_and_their_pull_is_measured(served):
    desk = new_desk(served.signed_in(Role.MANAGER), order="sequence", suggestions="models", unaided_share=0.5)
    lines = "\n".join(f'{{"id": "s{i:03}", "text": "text {i}", "hint": {{"mood": "bad"}}}}' for i in range(24))
    report = desk.send_file(
        lines, "jsonl", id_column="id", predictions="hint", predictions_source="old-model", predictions_version="3"
    ).json()
    assert (report["n_accepted"], report["n_predictions"]) == (24, 24)
    person = desk.of(served.signed_in(Role.ANNOTATOR))
    n_shown = 0
    for _ in range(24):
        lease = person.lease_one()
        assert lease["payload"].keys() == {"id", "text"}
        shown = lease["suggestions"]
        n_shown += bool(shown)
        if shown:
            assert (shown[0]["source"]["name"], shown[0]["source"]["version"]) == ("old-model", "3")
            assert shown[0]["answers"] == {"mood": "bad"}
        told = {"shown": [one["source"]["id"] for one in shown], "accepted": ["mood"] if shown else []}
        mood = "bad" if shown else "good"
        assert person.submit(lease["item_id"], {"mood": mood}, assistance=told, break_ms=5).status_code == 201
    assert 0 < n_shown < 24
    rows = {row["question"]: row for row in desk.get("quality").json()["suggestions"]}
    pull = rows["mood"]
    assert (pull["n_shown"], pull["n_unaided"]) == (n_shown, 24 - n_shown)
    assert (pull["agreement_shown"], pull["agreement_unaided"], pull["pull"]) == (1.0, 0.0, 1.0)
    assert 0 < pull["low"] < 1
    assert (pull["high_shown"], pull["low_unaided"]) == (1.0, 0.0)
    assert pull["high_unaided"] < pull["low_shown"]


def offering(served, n, *, share):
    """A desk with `n` items that an old model said something of, an annotator, and what tells of the stored help."""
    desk = new_desk(served.signed_in(Role.MANAGER), order="sequence", suggestions="models", unaided_share=share)
    lines = "\n".join(f'{{"id": "s{i:03}", "text": "text {i}", "hint": {{"mood": "bad"}}}}' for i in range(n))
    desk.send_file(lines, "jsonl", id_column="id", predictions="hint", predictions_source="old-model")
    return desk, desk.of(served.signed_in(Role.ANNOTATOR))


@pytest.mark.parametrize("told", [None, {}, {"shown": ["nobody"]}])
def test_a_suggestion_that_was_offered_and_not_shown_is_in_neither_arm(served, told):
    desk, person = offering(served, 12, share=0.5)
    n_unaided = 0
    for _ in range(12):
        lease = person.lease_one()
        n_unaided += not lease["suggestions"]
        sent = {"assistance": told} if told is not None and lease["suggestions"] else {}
        assert person.submit(lease["item_id"], {"mood": "bad"}, **sent).status_code == 201
    assert 0 < n_unaided < 12
    (pull,) = desk.get("quality").json()["suggestions"]
    assert (pull["question"], pull["n_shown"], pull["n_unaided"]) == ("mood", 0, n_unaided)
    assert pull["pull"] is None
    assert "not measured" in pull["note"]


def test_only_the_first_answer_tells_of_the_pull(served):
    desk, person = offering(served, 1, share=0)
    lease = person.lease_one()
    told = {"shown": [lease["suggestions"][0]["source"]["id"]], "accepted": ["mood"]}
    first = person.submit(lease["item_id"], {"mood": "bad"}, assistance=told).json()["annotation_id"]
    again = person.submit(lease["item_id"], {"mood": "good"}, assistance=told, supersedes=first)
    assert again.status_code == 201
    (pull,) = desk.get("quality").json()["suggestions"]
    assert (pull["n_shown"], pull["agreement_shown"]) == (1, 1.0)


def test_help_that_cannot_be_true_is_left_out_and_the_answers_are_stored(served):
    desk, person = offering(served, 1, share=0)
    lease = person.lease_one()
    model = lease["suggestions"][0]["source"]["id"]
    told = {"shown": [model, "x"], "accepted": ["mood", "age"], "changed": ["mood"]}
    assert person.submit(lease["item_id"], {"mood": "bad"}, assistance=told).status_code == 201
    (row,) = [
        one
        for one in desk.get(f"items/{lease['item_id']}").json()["annotations"]
        if one["annotator"]["kind"] == "person"
    ]
    assert row["answers"] == {"mood": "bad"}
    assert row["assistance"] == {
        "is_offered": True,
        "shown": [model],
        "accepted": ["mood"],
        "changed": [],
        "left_out": [
            "shown: 'x' is no model whose answer was offered",
            "accepted: 'age' is no question of the schema",
            "changed: 'mood' was accepted, which is said already",
        ],
    }


def test_nothing_is_accepted_where_the_draw_withheld_the_suggestion(served):
    desk, person = offering(served, 1, share=1)
    lease = person.lease_one()
    assert lease["suggestions"] == []
    (model,) = [one["annotator"]["id"] for one in desk.get(f"items/{lease['item_id']}").json()["annotations"]]
    told = {"shown": [model], "accepted": ["mood"]}
    assert person.submit(lease["item_id"], {"mood": "bad"}, assistance=told).status_code == 201
    (row,) = [
        one
        for one in desk.get(f"items/{lease['item_id']}").json()["annotations"]
        if one["annotator"]["kind"] == "person"
    ]
    assert (row["assistance"]["is_offered"], row["assistance"]["shown"], row["assistance"]["accepted"]) == (
        False,
        [],
        [],
    )
    assert len(row["assistance"]["left_out"]) == 2


def test_a_prediction_that_does_not_fit_is_named_and_its_row_is_imported(served):
    desk = new_desk(served.signed_in(Role.MANAGER))
    lines = '{"text": "a", "p": {"mood": "purple"}}\n{"text": "b", "p": {"mood": "good"}}\n{"text": "c", "p": 3}'
    report = desk.send_file(lines, "jsonl", predictions="p").json()
    assert (report["n_accepted"], report["n_predictions"]) == (3, 1)
    assert [row["line"] for row in report["rejected"]] == [1, 3]
    assert "prediction" in report["rejected"][0]["reason"]
