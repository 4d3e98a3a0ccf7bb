"""`goldsmith serve` as a process: the way in, the way out, and what stands in its way."""

import socket
from contextlib import closing
from pathlib import Path

import httpx
from cli_commands import done, goldsmith, process, serving


def test_a_new_home_is_served_and_its_owner_gets_in_by_the_printed_link(tmp_path: Path):
    home = tmp_path / "home"
    with serving(home) as served:
        with httpx.Client(base_url=served.url, headers={"origin": served.url}) as browser:
            assert browser.get("/healthz").json() == {"status": "ok"}
            me = browser.post("/api/sign-in/link", json={"token": served.link_token}).json()
            assert [(one["vault"], one["role"]) for one in me["engagements"]] == [("default", "owner")]
            assert browser.post("/api/sign-in/link", json={"token": served.link_token}).status_code == 401

        made = done("token", "create", "tests", "--role", "manager", "--json", home=home).json
        with httpx.Client(base_url=served.url, headers={"authorization": f"Bearer {made['token']}"}) as program:
            assert program.get("/api/vaults/default/projects").json() == {"rows": []}
            assert program.get("/api/tokens").status_code == 403
        done("token", "revoke", made["id"], home=home)
        assert done("token", "list", "--json", home=home).json == {"rows": []}

        second = process("serve", "--no-open", home=home)
        assert second.code == 6
        assert f"in use by process {served.process.pid} and serves at {served.url}" in second.error

        served.process.terminate()
        assert served.process.wait(60) == 0
        assert served.process.stderr is not None
        assert served.process.stderr.read() == ""
    assert sorted(path.name for path in home.iterdir()) == ["directory.db", "home.json", "keys", "lock", "vaults"]


def test_a_killed_server_leaves_a_home_that_the_next_command_opens(tmp_path: Path):
    home = tmp_path / "home"
    with serving(home) as served:
        served.process.kill()
        served.process.wait(60)
    assert (home / "operator.json").exists()
    assert [person["role"] for person in done("user", "list", "--json", home=home).json["rows"]] == ["owner"]


def test_a_port_in_use_is_told_before_anything_is_written(tmp_path: Path):
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        for command in (["serve", "--no-open"], ["demo"]):
            refused = goldsmith(*command, "--port", port, home=tmp_path / "home")
            assert refused.code == 6
            assert f"127.0.0.1:{port}" in refused.error
            assert "Stop the program that listens there" in refused.error
    assert list(tmp_path.iterdir()) == []
