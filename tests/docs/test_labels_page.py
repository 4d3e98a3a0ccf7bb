"""The page about labels: its Python example runs as it stands, and its commands exist."""

import doctest
import re
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from goldsmith.cli.agreement import app as agreement
from goldsmith.cli.consensus import app as consensus
from goldsmith.cli.route import app as route
from goldsmith.cli.suspects import app as suspects

PAGE = (Path(__file__).parents[2] / "docs" / "labels.md").read_text(encoding="utf-8")
CODES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    rng = np.random.default_rng(5)
    truth = rng.integers(0, 2, 60)
    said = [f"{t},{who},{truth[t] if rng.random() < 0.8 else 1 - truth[t]}" for t in range(60) for who in "abcde"]
    (tmp_path / "votes.csv").write_text("\n".join(["task,annotator,label", *said]) + "\n")
    known = [f"{t},{truth[t]}" for t in range(20)]
    (tmp_path / "known.csv").write_text("\n".join(["task,label", *known]) + "\n")
    (tmp_path / "tasks.csv").write_text("\n".join(["task", *map(str, range(70))]) + "\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_example_runs_and_prints_a_label_for_each_task(folder: Path, capsys: pytest.CaptureFixture[str]):
    code = next(code for code in CODES if "assay(votes" in code)

    exec(compile(code, "labels.md", "exec"), {})  # noqa: S102 - the page's own example

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 60
    assert all(0.5 <= float(line.split()[2]) < 1 for line in lines)


def test_its_notebook_shows_what_it_says():
    blocks = [code for code in CODES if code.startswith(">>>")]
    notebook = doctest.DocTestParser().get_doctest("".join(blocks), {}, "labels.md", None, None)

    shown: list[str] = []
    found = doctest.DocTestRunner().run(notebook, out=shown.append)

    assert found.attempted >= 10
    assert found.failed == 0, "".join(shown)


def test_the_example_of_an_audit_prints_what_stands_beside_it(capsys: pytest.CaptureFixture[str]):
    code = next(code for code in CODES if "audit_report(" in code)

    exec(compile(code, "labels.md", "exec"), {})  # noqa: S102 - the page's own example

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    assert f"a point: {int(lines[0]):,}\n" in code
    assert f".8: {lines[1]}\n" in code
    assert all(f"# {line}\n" in code for line in lines[2:])


def test_the_example_of_routing_prints_beliefs_a_queue_and_a_forecast(capsys: pytest.CaptureFixture[str]):
    code = next(code for code in CODES if "LiveConsensus(" in code)

    exec(compile(code, "labels.md", "exec"), {})  # noqa: S102 - the page's own example

    lines = capsys.readouterr().out.splitlines()
    queue, accuracy = lines[3:-1], lines[-1]
    assert queue == ["2", "1", "0"]
    assert 0 < float(accuracy) < 1


def test_its_commands_run_as_they_stand(folder: Path):
    shown = "".join(re.findall(r"```bash\n(.*?)```", PAGE, re.DOTALL))
    apps = {"consensus": consensus, "agreement": agreement, "suspects": suspects, "route": route}
    lines = shown.splitlines()
    assert {line.split()[1] for line in lines} == apps.keys()

    for line in lines:
        _, command, *arguments = line.split()
        run = CliRunner().invoke(apps[command], arguments)
        assert run.exit_code == 0, run.output

    assert (folder / "labels.csv").read_text().count("\n") == 61
    assert (folder / "queue.csv").read_text().count("needs_start") == 10
    assert "What is contested" in (folder / "report.html").read_text()
