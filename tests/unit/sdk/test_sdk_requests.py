"""What the client sends, when it sends it again, and what it makes of the answers."""

import httpx
import msgspec
import pytest
from sdk_factories import PROJECT, VAULT, answer, client_of, item_row_json, job_json, lease_json, problem, receipt_json

from goldsmith import errors
from goldsmith.errors import AnswerError, Cancelled, InputError, NotFound, ServerError
from goldsmith.labeling.lease_wire import Lease
from goldsmith.sdk import Client
from goldsmith.store.jobs import Job

LEASE = msgspec.json.decode(msgspec.json.encode(lease_json()), type=Lease)


def test_every_request_carries_the_token_and_repr_does_not_show_it():
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return answer({"rows": []})

    client = client_of(handler)
    assert client.vault("default").projects() == []
    assert seen[0].headers["authorization"] == "Bearer gsm_api_x"
    assert "gsm_api_x" not in repr(client)


def test_a_submit_that_got_no_answer_is_sent_again_with_the_same_id():
    sent: list[bytes] = []

    def handler(request: httpx.Request) -> httpx.Response:
        sent.append(request.content)
        if len(sent) < 3:
            raise httpx.ReadError("the connection was lost")
        return answer(receipt_json(msgspec.json.decode(request.content)["id"]), 201)

    naps: list[float] = []
    receipt = client_of(handler, naps).vault("default").project("reviews").submit(LEASE, {"mood": "good"})
    assert len(sent) == 3
    assert len(set(sent)) == 1
    assert receipt.annotation_id == msgspec.json.decode(sent[0])["id"]
    assert naps == sorted(naps)
    assert len(naps) == 2


def test_two_submits_have_two_ids():
    sent: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        sent.append(msgspec.json.decode(request.content)["id"])
        return answer(receipt_json(sent[-1]), 201)

    project = client_of(handler).vault("default").project("reviews")
    project.submit(LEASE, {"mood": "good"})
    project.skip(LEASE, "too hard")
    assert len(set(sent)) == 2


def test_a_job_that_is_asked_for_twice_carries_one_idempotency_key():
    keys: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        keys.append(request.headers["idempotency-key"])
        if len(keys) == 1:
            raise httpx.ConnectError("refused")
        return answer(job_json("queued"), 202)

    vault = client_of(handler).vault("default")
    vault.run("goldsmith: 1")
    vault.run("goldsmith: 1")
    assert keys[0] == keys[1] != keys[2]


def test_what_may_not_be_sent_twice_is_sent_once():
    n_sent = 0

    def handler(_request: httpx.Request) -> httpx.Response:
        nonlocal n_sent
        n_sent += 1
        raise httpx.ReadError("the connection was lost")

    with pytest.raises(ServerError, match=r"No answer from http://server\.test"):
        client_of(handler).vault("default").set_role("p1", "manager")
    assert n_sent == 1


def test_no_server_is_one_error_that_names_the_address():
    with pytest.raises(ServerError, match=r"No answer from http://127\.0\.0\.1:9: .* Check the address") as raised:
        Client("http://127.0.0.1:9", "x", sleep=lambda _: None).me()
    assert raised.value.problem_code == "unreachable"


@pytest.mark.parametrize(
    "kind", [NotFound, AnswerError, InputError, errors.Forbidden, errors.Unauthenticated, errors.StorageError]
)
def test_a_problem_becomes_the_error_of_its_code(kind):
    client = client_of(lambda _: problem(kind.code, "It is so.", kind.status, hint="Do this."))
    with pytest.raises(kind) as raised:
        client.me()
    assert str(raised.value) == "It is so. Do this."
    assert type(raised.value) is kind


def test_an_unknown_code_becomes_a_server_error_that_carries_it():
    with pytest.raises(ServerError, match="Odd") as raised:
        client_of(lambda _: problem("from-the-future", "Odd.", 418)).me()
    assert (raised.value.problem_code, raised.value.http_status) == ("from-the-future", 418)


def test_another_program_on_the_port_is_told_as_such():
    with pytest.raises(ServerError, match="not a Goldsmith server"):
        client_of(lambda _: httpx.Response(404, text="<h1>nginx</h1>")).me()
    with pytest.raises(ServerError, match="not what this version reads"):
        client_of(lambda _: httpx.Response(200, text="hello")).me()


@pytest.mark.parametrize("url", ["", "127.0.0.1:8321", "ftp://server.test", "http://", "http://server.test:port"])
def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(InputError, match="address"):
        Client(url, "x")


@pytest.mark.parametrize("token", ["gsm_äöü", "gsm_secret\n", "gsm secret", " gsm_secret"])
def test_a_token_with_letters_of_no_token_is_refused_without_being_shown(token):
    with pytest.raises(InputError, match="not a token") as raised:
        Client("http://server.test", token)
    assert token.strip() not in str(raised.value)


def test_an_empty_token_is_told_as_such():
    with pytest.raises(InputError, match="token is empty"):
        Client("http://server.test", "")


def test_items_come_page_by_page_until_the_last():
    asked: list[dict[str, str]] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(dict(request.url.params))
        number = len(asked)
        return answer({"rows": [item_row_json(number)], "next": f"c{number}" if number < 3 else None, "total": 3})

    rows = list(client_of(handler).vault("default").project("reviews").items(state="open"))
    assert [row.external_id for row in rows] == ["e1", "e2", "e3"]
    assert [one.get("cursor") for one in asked] == [None, "c1", "c2"]
    assert all(one["state"] == "open" for one in asked)


def test_a_slug_cannot_lead_to_another_address():
    paths: list[bytes] = []

    def handler(request: httpx.Request) -> httpx.Response:
        paths.append(request.url.raw_path)
        return problem("not-found", "There is none.", 404)

    with pytest.raises(NotFound):
        client_of(handler).vault("a/../b").project("c/d").progress()
    assert paths == [b"/api/vaults/a%2F..%2Fb/projects/c%2Fd/progress"]


def test_waiting_shows_each_look_and_ends_with_the_result():
    states = iter(["queued", "running", "running", "done"])

    def handler(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return answer(job_json("queued"), 202)
        made = {"release": "v1", "folder": "/r", "content_root": "ab", "n_items": 3, "is_new": True}
        return answer(job_json(next(states), result=made))

    seen: list[str] = []
    naps: list[float] = []
    project = client_of(handler, naps).vault("default").project("reviews")
    assert project.release(lambda job: seen.append(job.state)).release == "v1"
    assert seen == ["queued", "queued", "running", "running", "done"]
    assert naps == sorted(naps)


def test_a_failed_job_raises_the_error_with_which_it_failed():
    failed = job_json("failed", error={"code": "invalid-recipe", "detail": "r.yaml:3: unknown stage 'x'."})
    with pytest.raises(errors.RecipeError, match=r"r\.yaml:3"):
        client_of(lambda _: answer(failed)).vault("default").wait(msgspec.convert(failed, Job))


def test_a_cancelled_job_raises_cancelled():
    job = msgspec.convert(job_json("cancelled"), Job)
    with pytest.raises(Cancelled):
        client_of(lambda _: answer(job_json("cancelled"))).vault("default").wait(job)


def test_addresses_are_those_of_the_reference():
    seen: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(f"{request.method} {request.url.path}")
        return httpx.Response(204)

    vault = client_of(handler).vault("default")
    vault.remove_person("p1")
    vault.project("reviews").give_back(LEASE)
    client_of(handler).revoke_token("t1")
    assert seen == [f"DELETE {VAULT}/people/p1", f"DELETE {VAULT}/leases/l1", "DELETE /api/tokens/t1"]
    assert PROJECT.startswith(VAULT)
